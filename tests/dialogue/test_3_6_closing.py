"RFC 9293 §3.6: closing a connection, figures 12 and 13"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.6-figure-12-a (MUST-13): the normal close, peer A; TIME-WAIT lasts 2 MSL
in ESTABLISHED
     CLOSE
     > FIN,ACK 101 ack 301
     = FIN-WAIT-1
0.1  < ACK 301 ack 102
     = FIN-WAIT-2
0.2  < FIN,ACK 301 ack 102
     > ACK 102 ack 302
     = TIME-WAIT
240.1 = TIME-WAIT
240.2 = CLOSED, error None, timer None

## 3.6-figure-12-b (MUST-12): the normal close, peer B; it closed without an error
in ESTABLISHED
0.0  < FIN,ACK 301 ack 101
     > ACK 101 ack 302
     = CLOSE-WAIT
0.1  CLOSE
     > FIN,ACK 101 ack 302
     = LAST-ACK
0.2  < ACK 302 ack 102
     = CLOSED, error None, timer None

## 3.6-figure-13 (MUST-13): simultaneous close
TCP msl=30.
in ESTABLISHED
     CLOSE
     > FIN,ACK 101 ack 301
0.1  < FIN,ACK 301 ack 101
     > ACK 102 ack 302
     = CLOSING
0.2  < ACK 302 ack 102
     = TIME-WAIT
60.1 = TIME-WAIT
60.2 = CLOSED, error None

## 3.6-fin-again: a FIN is sent again until it is acknowledged, and no second one ever
in FIN-WAIT-1 CLOSING LAST-ACK
1.0  > FIN,ACK 101 ack RCV.NXT
3.0  > FIN,ACK 101 ack RCV.NXT
3.1  < ACK RCV.NXT ack 101
     = STATE
7.0  > FIN,ACK 101 ack RCV.NXT
7.1  < ACK RCV.NXT ack 102
99   =
''')]
test_dialogue = each(SCRIPTS)
