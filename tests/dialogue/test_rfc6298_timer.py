"RFC 6298: the retransmission timer"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## RFC6298-2.1 (MUST-22): before a round-trip time is known, 1 second; SYN, too, is sent again
in SYN-SENT
1.0  > SYN 100 mss 1460
3.0  > SYN 100 mss 1460
7.0  > SYN 100 mss 1460

## RFC6298-2.1-syn-ack (MUST-22): and SYN,ACK
in SYN-RECEIVED SYN-RECEIVED-actively
1.0  > SYN,ACK 100 ack 301 mss 1460
3.0  > SYN,ACK 100 ack 301 mss 1460

## RFC6298-2.2 (MUST-18): the first time R: SRTT is R, RTTVAR is R/2, RTO is SRTT + 4*RTTVAR
in SYN-SENT
0.5  < SYN,ACK 300 ack 101 mss 1460
     > ACK 101 ack 301
     = ESTABLISHED, srtt 0.5, rttvar 0.25, rto 1.5
     SEND 10
     > PSH,ACK 101:111 ack 301
2.0  > PSH,ACK 101:111 ack 301

## RFC6298-2.2-listener (MUST-18): and for who was called
in SYN-RECEIVED
0.5  < ACK 301 ack 101
     = ESTABLISHED, srtt 0.5, rttvar 0.25, rto 1.5

## RFC6298-2.3 (MUST-18): the next: RTTVAR is 3/4 RTTVAR + 1/4 |SRTT-R|, SRTT is 7/8 SRTT + 1/8 R
in SYN-SENT
0.5  < SYN,ACK 300 ack 101 mss 1460
     > ACK 101 ack 301
     SEND 10
     > PSH,ACK 101:111 ack 301
1.5  < ACK 301 ack 111
     = ESTABLISHED, srtt 0.5625, rttvar 0.3125, rto 1.8125

## RFC6298-2.4: RTO is 1 second at least
in SYN-SENT
0.1  < SYN,ACK 300 ack 101 mss 1460
     > ACK 101 ack 301
     = ESTABLISHED, srtt 0.1, rto 1

## RFC6298-2.5: RTO is 60 seconds at most
in SYN-RECEIVED
1.0  > SYN,ACK 100 ack 301 mss 1460
3.0  > SYN,ACK 100 ack 301 mss 1460
7.0  > SYN,ACK 100 ack 301 mss 1460
15.0 > SYN,ACK 100 ack 301 mss 1460
31.0 > SYN,ACK 100 ack 301 mss 1460
63.0 > SYN,ACK 100 ack 301 mss 1460
123  > SYN,ACK 100 ack 301 mss 1460

## RFC6298-2.5-measured: also where a long round-trip time was measured
TCP timestamps=True rto_max=10.
0.0  OPEN active
     > SYN 100 mss 1460 ts 0:0
1.0  > SYN 100 mss 1460 ts 1000:0
3.0  > SYN 100 mss 1460 ts 3000:0
5.0  < SYN,ACK 300 ack 101 mss 1460 ts 7:0
     > ACK 101 ack 301 ts 5000:7
     = ESTABLISHED, srtt 5, rttvar 2.5, rto 10

## RFC6298-3-karn (MUST-18): Karn: no time is taken of a segment that was sent again
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
11.0 > PSH,ACK 101:111 ack 301
11.4 < ACK 301 ack 111
     = ESTABLISHED, srtt 0, rto 2

## RFC6298-3-karn-backoff (MUST-18, MUST-19): Karn: the longer time-out stays until a time was taken
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
11.0 > PSH,ACK 101:111 ack 301
11.4 < ACK 301 ack 111
20.0 SEND 10
     > PSH,ACK 111:121 ack 301
22.0 > PSH,ACK 111:121 ack 301
26.0 > PSH,ACK 111:121 ack 301
26.1 < ACK 301 ack 121
30.0 SEND 10
     > PSH,ACK 121:131 ack 301
     < ACK 301 ack 131
     SEND 10
     > PSH,ACK 131:141 ack 301
31.0 > PSH,ACK 131:141 ack 301

## RFC6298-3-one: of all that is in flight, one segment is timed
TCP nagle=False
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
10.2 SEND 10
     > PSH,ACK 111:121 ack 301
10.8 < ACK 301 ack 121
     = ESTABLISHED, srtt 0.1, rttvar 0.2

## RFC6298-3-karn-next (MUST-18): Karn: an ACK of what was sent again says nothing of what was sent after it
TCP nagle=False
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
11.0 > PSH,ACK 101:111 ack 301
11.2 SEND 10
     > PSH,ACK 111:121 ack 301
11.3 < ACK 301 ack 111
     = ESTABLISHED, srtt 0
12.0 < ACK 301 ack 121
     = ESTABLISHED, srtt 0.1

## RFC6298-3-karn-fast (MUST-18): Karn: nor is a time taken of a segment that was sent again before a time-out
in ESTABLISHED
10.0 SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
10.8 < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
     < ACK 301 ack 5941
     = ESTABLISHED, srtt 0

## RFC6298-5.1: the timer is started by the first segment, not by those that follow
TCP nagle=False
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
10.5 SEND 10
     > PSH,ACK 111:121 ack 301
11.0 > PSH,ACK 101:121 ack 301

## RFC6298-5.2: when all is acknowledged, the timer is turned off
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
10.5 < ACK 301 ack 111
     = ESTABLISHED, timer None

## RFC6298-5.3: when new data are acknowledged, the timer is restarted
TCP nagle=False rto_min=2.
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 10
     > PSH,ACK 111:121 ack 301
10.9 < ACK 301 ack 111
     = ESTABLISHED, rto 2
11.9 < ACK 301 ack 111
12.9 > PSH,ACK 111:121 ack 301

## RFC6298-5.4: at a time-out the earliest segment is sent again, alone; what its ACK leaves open follows
in ESTABLISHED
10.0 SEND 4380
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > PSH,ACK 3021:4481 ack 301
11.0 > ACK 101:1561 ack 301
11.1 < ACK 301 ack 3021
     > PSH,ACK 3021:4481 ack 301
11.2 < ACK 301 ack 4481
     = ESTABLISHED, timer None

## RFC6298-5.7: a SYN was sent again: 3 seconds for the data that follow
in SYN-SENT
1.0  > SYN 100 mss 1460
1.1  < SYN,ACK 300 ack 101 mss 1460
     > ACK 101 ack 301
     = ESTABLISHED, srtt None, rto 3
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
13.0 > PSH,ACK 101:111 ack 301
''')]
test_dialogue = each(SCRIPTS)
