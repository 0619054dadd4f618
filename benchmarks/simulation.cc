// The scenario of simulation.py for ns-3: prints the processor's seconds.
// usage: PROGRAM SEGMENTS SIZE BITS_A_SECOND DELAY_S BUFFER CHECKSUMS
#include <ctime>
#include <iostream>
#include <ns3/applications-module.h>
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/traffic-control-module.h>
using namespace ns3;

int main(int, char **args)
{
    uint64_t octets = std::stoull(args[1]) * std::stoull(args[2]);
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(std::stoi(args[6])));
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TcpNewReno::GetTypeId()));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(std::stoul(args[2])));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(std::stoul(args[5])));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(std::stoul(args[5])));

    NodeContainer hosts(2);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(DataRate(std::stoull(args[3]))));
    link.SetChannelAttribute("Delay", TimeValue(Seconds(std::stod(args[4]))));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1000000p"));
    auto devices = link.Install(hosts);
    InternetStackHelper().Install(hosts);
    Ipv4AddressHelper network("10.0.0.0", "255.255.255.0");
    auto addresses = network.Assign(devices);
    TrafficControlHelper().Uninstall(devices);   // no queue but the link's own

    BulkSendHelper source("ns3::TcpSocketFactory", InetSocketAddress(addresses.GetAddress(1), 80));
    source.SetAttribute("MaxBytes", UintegerValue(octets));
    source.SetAttribute("SendSize", UintegerValue(std::stoul(args[2])));
    source.Install(hosts.Get(0));
    PacketSinkHelper sink("ns3::TcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
    auto received = sink.Install(hosts.Get(1)).Get(0)->GetObject<PacketSink>();

    Simulator::Stop(Seconds(1000));
    auto start = std::clock();
    Simulator::Run();
    std::cout << double(std::clock() - start) / CLOCKS_PER_SEC << std::endl;
    return received->GetTotalRx() != octets;
}
