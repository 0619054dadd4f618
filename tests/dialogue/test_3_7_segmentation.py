"RFC 9293 §3.7: how large a segment is, and whether a small one waits"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.7.1-mss (MUST-14, SHLD-5, MAY-3): the option is in every SYN, whatever it says
TCP mss=1000
0.0  OPEN active
     > SYN 100 mss 1000
1.0  > SYN 100 mss 1000
     < SYN 300 mss 536
     > SYN,ACK 100 ack 301 mss 1000

## 3.7.1-mss-536 (MAY-3): also where it says the default
TCP mss=536
0.0  OPEN active
     > SYN 100 mss 536

## 3.7.1-default (MUST-15): no option came: segments have 536 octets at most
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101
     > ACK 101 ack 301
     SEND 1000
     > ACK 101:637 ack 301
     > PSH,ACK 637:1101 ack 301

## 3.7.1-default-ipv6 (MUST-15): over IPv6, 1220
TCP default_mss=1220
0.0  OPEN passive
     < SYN 300
     > SYN,ACK 100 ack 301 mss 1460
     < ACK 301 ack 101
     SEND 2000
     > ACK 101:1321 ack 301
     > PSH,ACK 1321:2101 ack 301

## 3.7.1-smaller-theirs (MUST-14, MUST-16): the effective send MSS is the smaller one: the peer's
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 mss 500
     > ACK 101 ack 301
     SEND 600
     > ACK 101:601 ack 301
     > PSH,ACK 601:701 ack 301

## 3.7.1-smaller-ours (MUST-16): the effective send MSS is the smaller one: ours
TCP mss=500
0.0  OPEN passive
     < SYN 300 mss 9000
     > SYN,ACK 100 ack 301 mss 500
     < ACK 301 ack 101
     SEND 600
     > ACK 101:601 ack 301
     > PSH,ACK 601:701 ack 301

## 3.7.1-options (MUST-16): less the options that all segments have: 12 octets for timestamps
TCP timestamps=True
0.0  OPEN active
     > SYN 100 mss 1460 ts 0:0
     < SYN,ACK 300 ack 101 mss 1460 ts 7:0
     > ACK 101 ack 301 ts 0:7
     SEND 2000
     > ACK 101:1549 ack 301 ts 0:7
     > PSH,ACK 1549:2101 ack 301 ts 0:7

## 3.7.1-options-sack (MUST-16): less the options of one segment: 12 octets for a block of SACK
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1460 sackOK
     > ACK 101 ack 301
     < ACK 401:501 ack 101
     > ACK 101 ack 301 sack 401:501
     SEND 1460
     > ACK 101:1549 ack 301 sack 401:501
     > PSH,ACK 1549:1561 ack 301 sack 401:501

## 3.7.1-tiny (MUST-16): less than 48 counts as 48, a departure
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 mss 1
     > ACK 101 ack 301
     SEND 96
     > ACK 101:149 ack 301
     > PSH,ACK 149:197 ack 301

## 3.7.1-elsewhere (MUST-5, MUST-65): the option comes in a segment without SYN: it changes nothing
in ESTABLISHED
0.0  < ACK 301 ack 101 mss 100
     SEND 1000
     > PSH,ACK 101:1101 ack 301

## 3.7.4-nagle (SHLD-7, MAY-16): while something is unacknowledged, small pieces wait and gather
in ESTABLISHED CLOSE-WAIT
0.0  SEND 10
     > PSH,ACK 101:111 ack RCV.NXT
0.1  SEND 10
     SEND 10
     SEND 10
0.2  < ACK RCV.NXT ack 111
     > PSH,ACK 111:141 ack RCV.NXT

## 3.7.4-nagle-part (SHLD-7): until all of it has been acknowledged
in ESTABLISHED
0.0  SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 10
     < ACK 301 ack 106
     = ESTABLISHED, snd_una 106
     < ACK 301 ack 111
     > PSH,ACK 111:121 ack 301

## 3.7.4-nagle-full (SHLD-7): or until a full-sized segment can be sent
in ESTABLISHED
0.0  SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 1459
     SEND 11
     > ACK 111:1571 ack 301
     < ACK 301 ack 1571
     > PSH,ACK 1571:1581 ack 301

## 3.7.4-minshall (SHLD-7): it waits for a small one only, not for whole ones (appendix A.3)
in ESTABLISHED CLOSE-WAIT
0.0  SEND 5000
     > ACK 101:1561 ack RCV.NXT
     > ACK 1561:3021 ack RCV.NXT
     > ACK 3021:4481 ack RCV.NXT
     > PSH,ACK 4481:5101 ack RCV.NXT
     SEND 10
0.1  < ACK RCV.NXT ack 4481
     < ACK RCV.NXT ack 4491
     SEND 1460
     > ACK 5101:6561 ack RCV.NXT
     < ACK RCV.NXT ack 5101
     > PSH,ACK 6561:6571 ack RCV.NXT

## 3.7.4-plain (SHLD-7): unless plain Nagle is chosen
TCP nagle='plain'
in ESTABLISHED
0.0  SEND 5000
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
0.1  < ACK 301 ack 3021
     < ACK 301 ack 4481
     > PSH,ACK 4481:5101 ack 301

## 3.7.4-nagle-off (MUST-17): it can be turned off
TCP nagle=False
in ESTABLISHED
0.0  SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 10
     > PSH,ACK 111:121 ack 301

## 3.7.4-nagle-close: CLOSE implies push: what waits goes, with the FIN
in ESTABLISHED
0.0  SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 10
     CLOSE
     > FIN,PSH,ACK 111:121 ack 301
''')]
test_dialogue = each(SCRIPTS)
