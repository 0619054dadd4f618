"RFC 9293 §3.10.8: a time-out"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.10.8-user-timeout (MUST-47): USER TIMEOUT, any state: all queues are flushed,
##   "connection aborted due to user timeout", CLOSED
TCP user_timeout=0.75
in SYN-SENT SYN-RECEIVED SYN-RECEIVED-actively FIN-WAIT-1 CLOSING LAST-ACK
0.74 = STATE
0.75 = CLOSED, error connection aborted due to user timeout, snd_buf 0:0, timer None

## 3.10.8-user-timeout-data: USER TIMEOUT, ESTABLISHED and CLOSE-WAIT:
##   it runs while something is not acknowledged; progress restarts it
TCP user_timeout=5.
in ESTABLISHED CLOSE-WAIT
10.0 SEND 10
     > PSH,ACK 101:111 ack RCV.NXT
11.0 > PSH,ACK 101:111 ack RCV.NXT
13.0 > PSH,ACK 101:111 ack RCV.NXT
14.0 < ACK RCV.NXT ack 106
18.0 > PSH,ACK 106:111 ack RCV.NXT
18.9 = STATE
19.0 = CLOSED, error connection aborted due to user timeout

## 3.10.8-retransmission (MUST-19, SHLD-11): RETRANSMISSION TIMEOUT:
##   send the segment at the front of the queue again; the time-out doubles each time
TCP r2=inf
in ESTABLISHED
0.0  SEND 4000
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > PSH,ACK 3021:4101 ack 301
1.0  > ACK 101:1561 ack 301
3.0  > ACK 101:1561 ack 301
7.0  > ACK 101:1561 ack 301
15.0 > ACK 101:1561 ack 301
31.0 > ACK 101:1561 ack 301
63.0 > ACK 101:1561 ack 301
123  > ACK 101:1561 ack 301
183  > ACK 101:1561 ack 301
184  = ESTABLISHED, error None
''')]
test_dialogue = each(SCRIPTS)
