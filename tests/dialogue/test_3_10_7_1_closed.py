"RFC 9293 §3.10.7.1: a segment arrives in CLOSED"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.10.7.1-rst: CLOSED: a segment with a RST is discarded
0.0  < RST 500
     < RST,ACK 500 ack 77
     = CLOSED

## 3.10.7.1-ack-off: CLOSED: if the ACK bit is off, <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
0.0  < SYN 500
     > RST,ACK 0 ack 501 win 0
     < FIN 500:510
     > RST,ACK 0 ack 511
     < PSH 500:510 src 1234
     > RST,ACK 0 ack 510 src 1234
     = CLOSED, rcv_buf 0:0

## 3.10.7.1-ack-on: CLOSED: if the ACK bit is on, <SEQ=SEG.ACK><CTL=RST>
0.0  < ACK 500:510 ack 77
     > RST 77 win 0
     < SYN,ACK 500 ack 78
     > RST 78
     = CLOSED, rcv_buf 0:0

## 3.10.7.1-other-peer: for a segment of another connection this one does not exist, and it is as before
in SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.0  < ACK RCV.NXT:RCV.NXT+9 ack SND.NXT src 1001
     > RST SND.NXT src 1001
     < RST RCV.NXT src 1001
     = STATE, rcv_buf 0:0

## 3.10.7.1-other-port: nor does it exist for a segment to another port
in LISTEN ESTABLISHED
0.0  < SYN 300 to 81
     > RST,ACK 0 ack 301 to 81
     = STATE

## 3.10.7.1-after: CLOSED: also after a connection, to its own peer
in LAST-ACK
0.1  < ACK 302 ack 102
     = CLOSED
     < ACK 302:312 ack 102
     > RST 102
     < FIN 302
     > RST,ACK 0 ack 303
''')]
test_dialogue = each(SCRIPTS)
