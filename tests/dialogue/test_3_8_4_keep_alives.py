"RFC 9293 §3.8.4: keep-alives"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.8.4-off (MUST-25): keep-alives are off unless asked for
in ESTABLISHED
0.0  = ESTABLISHED, timer None

## 3.8.4-probe (MAY-5, MUST-24, MUST-27, SHLD-12): after so long without a segment:
##   <SEQ=SND.NXT-1><ACK=RCV.NXT>, no data; the answer counts
TCP keepalive=7200.
in ESTABLISHED FIN-WAIT-2 CLOSE-WAIT
7200 > ACK SND.NXT-1 ack RCV.NXT
7201 < ACK RCV.NXT ack SND.NXT
14401 > ACK SND.NXT-1 ack RCV.NXT
14402 < ACK RCV.NXT ack SND.NXT
     = STATE

## 3.8.4-called (MUST-24): also at the end that was called
TCP keepalive=7200.
in SYN-RECEIVED
0.5  < ACK 301 ack 101
7200.5 > ACK 100 ack 301

## 3.8.4-opened (MUST-26): the idle time begins with the last segment that came, here SYN,ACK
TCP keepalive=10.
in SYN-SENT
0.9  < SYN,ACK 300 ack 101 mss 1460
     > ACK 101 ack 301
10.9 > ACK 100 ack 301

## 3.8.4-count (MUST-29): each answer begins the count anew
TCP keepalive=10. keep_interval=1. keep_count=2
in ESTABLISHED
10.0 > ACK 100 ack 301
11.0 > ACK 100 ack 301
11.5 < ACK 301 ack 101
21.5 > ACK 100 ack 301
22.5 > ACK 100 ack 301
23.4 = ESTABLISHED
23.5 = CLOSED

## 3.8.4-idle (MUST-26, MUST-27): not while segments come, and not while something is outstanding
TCP keepalive=10. delack=0
in ESTABLISHED
9.0  < ACK 301:311 ack 101
     > ACK 101 ack 311
18.0 SEND 10
     > PSH,ACK 101:111 ack 311
19.0 > PSH,ACK 101:111 ack 311
21.0 > PSH,ACK 101:111 ack 311
21.5 < ACK 311 ack 111
31.5 > ACK 110 ack 311

## 3.8.4-lost (MUST-29): a probe or its answer may be lost; nine without an answer end the connection
TCP keepalive=7200.
in ESTABLISHED
7200 > ACK 100 ack 301
7275 > ACK 100 ack 301
7350 > ACK 100 ack 301
7425 > ACK 100 ack 301
7500 > ACK 100 ack 301
7575 > ACK 100 ack 301
7650 > ACK 100 ack 301
7725 > ACK 100 ack 301
7800 > ACK 100 ack 301
7874 = ESTABLISHED
7875 = CLOSED, error connection aborted due to user timeout

## 3.8.4-answer: who gets a probe answers it, whatever its own choices
in ESTABLISHED
100  < ACK 300 ack 101
     > ACK 101 ack 301
''')]
test_dialogue = each(SCRIPTS)
