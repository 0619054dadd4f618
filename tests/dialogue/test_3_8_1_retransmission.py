"RFC 9293 §3.8.1 and §3.8.3: what is sent again, and how long"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.8.1-repackaged: what is sent again may be packaged anew, with what was queued since
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 10
     CLOSE
     > FIN,PSH,ACK 111:121 ack 301
11.0 > FIN,PSH,ACK 101:121 ack 301

## 3.8.3-r2 (MUST-20, MUST-21): a time-out R2 seconds or more after the segment was sent first,
##   without an answer: the connection is closed
TCP r2=15
in ESTABLISHED CLOSE-WAIT
10.0 SEND 10
     > PSH,ACK 101:111 ack RCV.NXT
11.0 > PSH,ACK 101:111 ack RCV.NXT
13.0 > PSH,ACK 101:111 ack RCV.NXT
17.0 > PSH,ACK 101:111 ack RCV.NXT
25.0 = CLOSED, error connection aborted due to user timeout

## 3.8.3-r2-default (SHLD-11): R2 is 100 seconds at least
in ESTABLISHED CLOSE-WAIT
10.0 SEND 10
     > PSH,ACK 101:111 ack RCV.NXT
11.0 > PSH,ACK 101:111 ack RCV.NXT
13.0 > PSH,ACK 101:111 ack RCV.NXT
17.0 > PSH,ACK 101:111 ack RCV.NXT
25.0 > PSH,ACK 101:111 ack RCV.NXT
41.0 > PSH,ACK 101:111 ack RCV.NXT
73.0 > PSH,ACK 101:111 ack RCV.NXT
132  = STATE, error None
133  = CLOSED, error connection aborted due to user timeout

## 3.8.3-r2-endless (MUST-21): and may be endless; then the user time-out,
##   of five minutes unless chosen otherwise, ends it
TCP r2=inf rto_max=100.
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
11.0 > PSH,ACK 101:111 ack 301
13.0 > PSH,ACK 101:111 ack 301
17.0 > PSH,ACK 101:111 ack 301
25.0 > PSH,ACK 101:111 ack 301
41.0 > PSH,ACK 101:111 ack 301
73.0 > PSH,ACK 101:111 ack 301
137  > PSH,ACK 101:111 ack 301
237  > PSH,ACK 101:111 ack 301
309.9 = ESTABLISHED
310  = CLOSED, error connection aborted due to user timeout

## 3.8.3-r2-progress (MUST-20): it counts for the same segment: progress begins anew
TCP r2=20
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
11.0 > PSH,ACK 101:111 ack 301
13.0 > PSH,ACK 101:111 ack 301
14.0 < ACK 301 ack 106
18.0 > PSH,ACK 106:111 ack 301
26.0 > PSH,ACK 106:111 ack 301
41.9 = ESTABLISHED
42.0 = CLOSED

## 3.8.3-r1 (SHLD-9): the program can learn of retransmissions before R2: `retries`
TCP r2=99
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
     = ESTABLISHED, retries 0
11.0 > PSH,ACK 101:111 ack 301
13.0 > PSH,ACK 101:111 ack 301
17.0 > PSH,ACK 101:111 ack 301
     = ESTABLISHED, retries 3
17.1 < ACK 301 ack 111
     = ESTABLISHED, retries 0

## 3.8.3-syn (MUST-22, MUST-23): for a SYN, R2 is 3 minutes at least
TCP r2=5
in SYN-SENT
1.0  > SYN 100 mss 1460
3.0  > SYN 100 mss 1460
7.0  > SYN 100 mss 1460
15.0 > SYN 100 mss 1460
31.0 > SYN 100 mss 1460
63.0 > SYN 100 mss 1460
123  > SYN 100 mss 1460
183  = CLOSED, error connection aborted due to user timeout

## 3.8.3-syn-three-minutes (MUST-23): 3 minutes, to the second
TCP r2=5 rto_max=58.5
in SYN-SENT
1.0  > SYN 100 mss 1460
3.0  > SYN 100 mss 1460
7.0  > SYN 100 mss 1460
15.0 > SYN 100 mss 1460
31.0 > SYN 100 mss 1460
63.0 > SYN 100 mss 1460
121.5 > SYN 100 mss 1460
179.9 = SYN-SENT
180  = CLOSED
''')]
test_dialogue = each(SCRIPTS)
