"RFC 9293 §3.10.1 to §3.10.6: the calls of a program"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.10.1-closed-passive: OPEN, CLOSED: if passive, enter the LISTEN state and return
0.0  OPEN passive
     = LISTEN, timer None

## 3.10.1-closed-active: OPEN, CLOSED: <SEQ=ISS><CTL=SYN> is sent; SND.UNA is ISS, SND.NXT is ISS+1, the state SYN-SENT
0.0  OPEN active iss 5000
     > SYN 5000 win 65535 mss 1460
     = SYN-SENT, iss 5000, snd_una 5000, snd_nxt 5001

## 3.10.1-listen-active: OPEN, LISTEN: from passive to active: a SYN is sent, SYN-SENT; what it was before is forgotten
in LISTEN
0.0  OPEN active iss 5000
     > SYN 5000 win 65535 mss 1460
     = SYN-SENT, iss 5000, snd_una 5000, snd_nxt 5001
0.1  < SYN 300 mss 1460
     > SYN,ACK 5000 ack 301 mss 1460
     < RST 301
     = CLOSED, error connection refused

## 3.10.1-listen-unspecified (MUST-41): OPEN, LISTEN: "remote socket unspecified", and nothing is changed
in LISTEN
0.0  OPEN passive iss 5000 ! remote socket unspecified
     = LISTEN, iss 100

## 3.10.1-exists (MUST-41): OPEN, all other states: "connection already exists"
in SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.0  OPEN active ! connection already exists
     OPEN passive ! connection already exists
     = STATE, iss 100

## 3.10.2-closed: SEND, CLOSED: "connection does not exist"
0.0  SEND 10 ! connection does not exist

## 3.10.2-listen: SEND, LISTEN: "remote socket unspecified"
in LISTEN
0.0  SEND 10 ! remote socket unspecified
     = LISTEN

## 3.10.2-syn-sent: SEND, SYN-SENT: queue the data for transmission after entering ESTABLISHED
in SYN-SENT
0.1  SEND 10
     = SYN-SENT, snd_buf 101:111
0.2  < SYN,ACK 300 ack 101 mss 1460
     > PSH,ACK 101:111 ack 301
     = ESTABLISHED

## 3.10.2-syn-received: SEND, SYN-RECEIVED: queue the data for transmission after entering ESTABLISHED
in SYN-RECEIVED SYN-RECEIVED-actively
0.1  SEND 10
     = SYN-RECEIVED, snd_buf 101:111
0.2  < ACK 301 ack 101
     > PSH,ACK 101:111 ack 301
     = ESTABLISHED

## 3.10.2-segmentize (MUST-61, SHLD-27, SHLD-28): SEND, ESTABLISHED, CLOSE-WAIT:
##   the largest segments, <ACK=RCV.NXT>, PSH on the last
TCP nagle=False
in ESTABLISHED CLOSE-WAIT
0.1  SEND 3000
     > ACK 101:1561 ack RCV.NXT
     > ACK 1561:3021 ack RCV.NXT
     > PSH,ACK 3021:3101 ack RCV.NXT
     = STATE, snd_una 101, snd_nxt 3101

## 3.10.2-resources: SEND: "insufficient resources" if there is no room to queue it
in SYN-SENT ESTABLISHED
0.0  < ACK 301 ack 101 win 0
     SEND 4194304
     SEND 1 ! insufficient resources

## 3.10.2-resources-freed: SEND: what was acknowledged makes room
TCP mss=65000
0.0  OPEN active
     > SYN 100 mss 65000
     < SYN,ACK 300 ack 101 mss 65000
     > ACK 101 ack 301
     SEND 4194304
     > ACK 101:65101 ack 301
     < ACK 301 ack 65101 win 0
     SEND 65001 ! insufficient resources: 65000 octets at most, not 65001
     SEND 65000

## 3.10.2-closing: SEND after CLOSE: "connection closing"
in FIN-WAIT-1 FIN-WAIT-2 CLOSING LAST-ACK TIME-WAIT
0.0  SEND 10 ! connection closing
     = STATE

## 3.10.2-closing-queued: SEND after CLOSE: "connection closing", also while our FIN still waits behind data
in CLOSE-WAIT
0.0  < ACK 302 ack 101 win 0
     SEND 10
     CLOSE
     SEND 10 ! connection closing
     = CLOSE-WAIT

## 3.10.3-closed: RECEIVE, CLOSED: "connection does not exist"
0.0  RECEIVE 10 ! connection does not exist

## 3.10.3-early: RECEIVE, LISTEN, SYN-SENT, SYN-RECEIVED: no error; there is nothing yet
in LISTEN SYN-SENT SYN-RECEIVED
0.0  RECEIVE 10
     = STATE, rcv_buf 0:0

## 3.10.3-reassembled: RECEIVE, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2:
##   what was reassembled is returned, in order, as much as asked for
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2
0.0  < ACK 311:321 ack 101
     > ACK SND.NXT ack 301
     < ACK 301:311 ack 101
     > ACK SND.NXT ack 321
     = STATE, rcv_buf 301:321
     RECEIVE 15
     = STATE, rcv_buf 316:321
     RECEIVE 15
     = STATE, rcv_buf 0:0

## 3.10.3-close-wait: RECEIVE, CLOSE-WAIT: data already on hand, then "connection closing"
in ESTABLISHED
0.0  < FIN,ACK 301:321 ack 101
     > ACK 101 ack 322
     RECEIVE 15
     = CLOSE-WAIT, rcv_buf 316:321
     RECEIVE 15
     RECEIVE 1 ! connection closing

## 3.10.3-closing: RECEIVE, CLOSING, LAST-ACK, TIME-WAIT: "connection closing"
in CLOSING LAST-ACK TIME-WAIT
0.0  RECEIVE 10 ! connection closing

## 3.10.3-on-hand: a departure: in these states, and in CLOSED, too, data already on hand can be taken
in FIN-WAIT-1
0.0  < FIN,ACK 301:321 ack 101
     > ACK 102 ack 322
     = CLOSING, rcv_buf 301:321
     RECEIVE 10
     = CLOSING, rcv_buf 311:321
     < RST 322
     = CLOSED, rcv_buf 311:321
     RECEIVE 10
     RECEIVE 10 ! connection does not exist

## 3.10.4-closed: CLOSE, CLOSED: "connection does not exist"
0.0  CLOSE ! connection does not exist

## 3.10.4-unsynchronized: CLOSE, LISTEN and SYN-SENT: delete the TCB, enter CLOSED
in LISTEN SYN-SENT
0.0  CLOSE
     = CLOSED, error None, timer None

## 3.10.4-syn-received: CLOSE, SYN-RECEIVED: if no SENDs have been issued, send a FIN, enter FIN-WAIT-1
in SYN-RECEIVED SYN-RECEIVED-actively
0.0  CLOSE
     > FIN,ACK 101 ack 301
     = FIN-WAIT-1
0.1  < ACK 301 ack 102
     = FIN-WAIT-2

## 3.10.4-syn-received-queued: CLOSE, SYN-RECEIVED: otherwise queue it until ESTABLISHED
in SYN-RECEIVED SYN-RECEIVED-actively
0.0  SEND 10
     CLOSE
     = SYN-RECEIVED
0.1  < ACK 301 ack 101
     > FIN,PSH,ACK 101:111 ack 301
     = FIN-WAIT-1

## 3.10.4-established: CLOSE, ESTABLISHED: FIN-WAIT-1 in any case;
##   the FIN once all preceding SENDs have been segmentized
in ESTABLISHED
0.0  < ACK 301 ack 101 win 1460
     SEND 1500
     > ACK 101:1561 ack 301
     CLOSE
     = FIN-WAIT-1
0.1  < ACK 301 ack 1561 win 1460
     > FIN,PSH,ACK 1561:1601 ack 301
     = FIN-WAIT-1
0.2  < ACK 301 ack 1602
     = FIN-WAIT-2

## 3.10.4-again: CLOSE, FIN-WAIT-1, FIN-WAIT-2: "connection closing", and no second FIN
in FIN-WAIT-1 FIN-WAIT-2
0.0  CLOSE ! connection closing
     = STATE

## 3.10.4-close-wait: CLOSE, CLOSE-WAIT: queue it until all preceding SENDs have been segmentized; then a FIN, LAST-ACK
in CLOSE-WAIT
0.0  < ACK 302 ack 101 win 1460
     SEND 1500
     > ACK 101:1561 ack 302
     CLOSE
     = CLOSE-WAIT
     CLOSE ! connection closing
0.1  < ACK 302 ack 1561 win 1460
     > FIN,PSH,ACK 1561:1601 ack 302
     = LAST-ACK

## 3.10.4-close-wait-shut: CLOSE, CLOSE-WAIT: as long as the FIN cannot be sent, the state is CLOSE-WAIT
in CLOSE-WAIT
0.0  < ACK 302 ack 101 win 0
     CLOSE
     = CLOSE-WAIT
1.0  > FIN,ACK 101 ack 302
     = LAST-ACK

## 3.10.4-closing: CLOSE, CLOSING, LAST-ACK, TIME-WAIT: "connection closing"
in CLOSING LAST-ACK TIME-WAIT
0.0  CLOSE ! connection closing
     = STATE

## 3.10.5-closed: ABORT, CLOSED: "connection does not exist"
0.0  ABORT ! connection does not exist

## 3.10.5-unsynchronized: ABORT, LISTEN, SYN-SENT: delete the TCB, enter CLOSED; no RST
in LISTEN SYN-SENT
0.0  ABORT
     = CLOSED, timer None

## 3.10.5-reset: ABORT, SYN-RECEIVED to CLOSE-WAIT: <SEQ=SND.NXT><CTL=RST>; all queues are flushed, enter CLOSED
in SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT
0.0  ABORT
     > RST SND.NXT
     = CLOSED, snd_buf 0:0, timer None

## 3.10.5-reset-sent: ABORT: SND.NXT is after all that was ever sent, also when a time-out began to send again
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
1.0  > ACK 101:1561 ack 301
     ABORT
     > RST 3021
     = CLOSED, snd_buf 0:0, timer None

## 3.10.5-closing: ABORT, CLOSING, LAST-ACK, TIME-WAIT: "ok", delete the TCB, enter CLOSED; no RST
in CLOSING LAST-ACK TIME-WAIT
0.0  ABORT
     = CLOSED, timer None

## 3.10.6-status: STATUS: the state can be asked for at any time
in CLOSED LISTEN SYN-SENT SYN-RECEIVED SYN-RECEIVED-actively
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.0  = STATE
''')]
test_dialogue = each(SCRIPTS)
