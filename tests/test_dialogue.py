"""The engine against RFC 9293 and its companions, clause by clause: each dialogue is named after its clause, and tells which
rows of appendix B it shows. `dialogue` explains how they are written."""
import re
from pathlib import Path

import pytest

from dialogue import Dialogue, scripts, segment
from python_tcp.congestion import Reno
from python_tcp.engine import TCB, Open, Receive, Send, isn

root = Path(__file__).parent.parent

CALLS = '''
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

## 3.10.2-segmentize (MUST-61, SHLD-27, SHLD-28): SEND, ESTABLISHED, CLOSE-WAIT: the largest segments, <ACK=RCV.NXT>, PSH on the last
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

## 3.10.3-reassembled: RECEIVE, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2: what was reassembled is returned, in order, as much as asked for
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

## 3.10.4-established: CLOSE, ESTABLISHED: FIN-WAIT-1 in any case; the FIN once all preceding SENDs have been segmentized
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
in CLOSED LISTEN SYN-SENT SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.0  = STATE
'''

ARRIVES = '''
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

## 3.10.7.2-first-rst: LISTEN: an incoming RST should be ignored
in LISTEN
0.0  < RST 500
     < RST,ACK 500 ack 77
     < SYN,RST 500
     = LISTEN, dst None

## 3.10.7.2-second-ack: LISTEN: any acknowledgment is bad: <SEQ=SEG.ACK><CTL=RST>
in LISTEN
0.0  < ACK 500 ack 77
     > RST 77
     < SYN,ACK 500 ack 78
     > RST 78
     = LISTEN, dst None

## 3.10.7.2-third-syn: LISTEN: RCV.NXT is SEG.SEQ+1, IRS is SEG.SEQ; <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>; SYN-RECEIVED
0.0  OPEN passive iss 5000
0.1  < SYN 300 win 1000 src 1234
     > SYN,ACK 5000 ack 301 win 65535 mss 1460 src 1234
     = SYN-RECEIVED, irs 300, rcv_nxt 301, iss 5000, snd_una 5000, snd_nxt 5001, dst 1234

## 3.10.7.2-third-text: LISTEN: text that came with the SYN is queued, and delivered in ESTABLISHED
in LISTEN
0.0  < SYN 300:310
     > SYN,ACK 100 ack 301 mss 1460
     = SYN-RECEIVED, rcv_nxt 301, rcv_buf 0:0
0.1  < ACK 311 ack 101
     > ACK 101 ack 311
     = ESTABLISHED, rcv_nxt 311, rcv_buf 301:311

## 3.10.7.2-third-text-close: LISTEN: text of the SYN is not lost where a CLOSE comes before ESTABLISHED
in LISTEN
0.0  < SYN 300:310
     > SYN,ACK 100 ack 301 mss 1460
     CLOSE
     > FIN,ACK 101 ack 301
0.1  < ACK 311 ack 102
     > ACK 102 ack 311
     = FIN-WAIT-2, rcv_nxt 311, rcv_buf 301:311

## 3.10.7.2-third-fin: LISTEN: a FIN that came with the SYN is queued, too
in LISTEN
0.0  < SYN,FIN 300:310
     > SYN,ACK 100 ack 301 mss 1460
     = SYN-RECEIVED
0.1  < ACK 312 ack 101
     > ACK 101 ack 312
     = CLOSE-WAIT, rcv_buf 301:311

## 3.10.7.2-fourth-other: LISTEN: anything else: drop the segment and return
in LISTEN
0.0  < PSH 500:510
     < FIN 500
     = LISTEN, dst None, rcv_buf 0:0

## 3.10.7.3-first-unacceptable: SYN-SENT: SEG.ACK =< ISS or SEG.ACK > SND.NXT: <SEQ=SEG.ACK><CTL=RST>, discard the segment
in SYN-SENT
0.0  < SYN,ACK 300 ack 100
     > RST 100
     < SYN,ACK 300 ack 102
     > RST 102
     < ACK 300 ack 99
     > RST 99
     = SYN-SENT, irs None, snd_una 100

## 3.10.7.3-first-unacceptable-rst: SYN-SENT: unless the RST bit is set; if so drop the segment
in SYN-SENT
0.0  < RST,ACK 300 ack 100
     < RST,ACK 300 ack 102
     = SYN-SENT

## 3.10.7.3-second-rst: SYN-SENT: RST with an acceptable ACK: "connection reset", CLOSED
in SYN-SENT
0.0  < RST,ACK 0 ack 101
     = CLOSED, error connection reset, timer None

## 3.10.7.3-second-rst-no-ack: SYN-SENT: RST without an ACK: drop the segment
in SYN-SENT
0.0  < RST 300
     < SYN,RST 300
     = SYN-SENT, irs None

## 3.10.7.3-fourth-syn-ack: SYN-SENT: our SYN is acknowledged: SND.UNA is SEG.ACK, ESTABLISHED, <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
in SYN-SENT
0.1  < SYN,ACK 300 ack 101 win 1000
     > ACK 101 ack 301 win 65535
     = ESTABLISHED, irs 300, rcv_nxt 301, snd_una 101, snd_nxt 101, snd_wnd 1000, snd_wl1 300, snd_wl2 101, timer None

## 3.10.7.3-fourth-text: SYN-SENT: text that came with SYN,ACK is processed; one ACK for both
in SYN-SENT
0.1  < SYN,ACK 300:310 ack 101
     > ACK 101 ack 311
     = ESTABLISHED, rcv_buf 301:311

## 3.10.7.3-fourth-fin: SYN-SENT: a FIN that came with SYN,ACK is processed
in SYN-SENT
0.1  < SYN,FIN,ACK 300:310 ack 101
     > ACK 101 ack 312
     = CLOSE-WAIT, rcv_buf 301:311

## 3.10.7.3-fourth-syn (MUST-10): SYN-SENT: a SYN alone: <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>, SYN-RECEIVED, the window is noted
in SYN-SENT
0.1  < SYN 300 win 1000
     > SYN,ACK 100 ack 301 win 65535 mss 1460
     = SYN-RECEIVED, irs 300, rcv_nxt 301, snd_una 100, snd_nxt 101, snd_wnd 1000, snd_wl1 300, snd_wl2 0

## 3.10.7.3-fourth-syn-text: SYN-SENT: text that came with a SYN alone is queued until ESTABLISHED
in SYN-SENT
0.1  < SYN 300:310
     > SYN,ACK 100 ack 301 mss 1460
     = SYN-RECEIVED, rcv_buf 0:0
0.2  < ACK 311 ack 101
     > ACK 101 ack 311
     = ESTABLISHED, rcv_buf 301:311

## 3.10.7.3-fifth-other: SYN-SENT: neither SYN nor RST: drop the segment
in SYN-SENT
0.0  < ACK 300 ack 101
     < FIN,ACK 300:310 ack 101
     < PSH 300:310
     = SYN-SENT, snd_una 100, rcv_buf 0:0

## 3.10.7.4-first-old: an old segment is answered with <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and dropped, whatever it acknowledges
in SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < ACK RCV.NXT-9:RCV.NXT ack SND.NXT win 7
     > ACK SND.NXT ack RCV.NXT
     < ACK RCV.NXT-1 ack SND.NXT win 7
     > ACK SND.NXT ack RCV.NXT
     = STATE, snd_wnd 65535, rcv_buf 0:0

## 3.10.7.4-first-beyond: a segment beyond the window is answered with <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>, and dropped
in SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < ACK RCV.NXT+70000:RCV.NXT+70009 ack SND.NXT win 7
     > ACK SND.NXT ack RCV.NXT
     < ACK RCV.NXT+70000 ack SND.NXT win 7
     > ACK SND.NXT ack RCV.NXT
     = STATE, snd_wnd 65535, rcv_buf 0:0

## 3.10.7.4-first-rst: an unacceptable segment with RST is dropped without an answer (RFC 5961 §3, 1)
in SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < RST RCV.NXT-1
     < RST,ACK RCV.NXT-1 ack SND.NXT
     < RST RCV.NXT-9:RCV.NXT
     < RST RCV.NXT+65535
     < RST RCV.NXT+70000
     = STATE

## 3.10.7.4-first-empty-open: table 6, length 0, window > 0: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND
TCP buffer=1000
in FIN-WAIT-1
0.1  < ACK 300 ack 101 win 1
     > ACK 102 ack 301 win 1000
     < ACK 301 ack 101 win 2
     = FIN-WAIT-1, snd_wnd 2
     < ACK 1300 ack 101 win 3
     = FIN-WAIT-1, snd_wnd 3
     < ACK 1303 ack 101 win 4
     > ACK 102 ack 301
     = FIN-WAIT-1, snd_wnd 3

## 3.10.7.4-first-empty-edge: a departure: an ACK at the right edge, or one past it (where a window probe went), is heard
TCP buffer=1000
in FIN-WAIT-1
0.1  < ACK 1301 ack 101 win 4
     < ACK 1302 ack 102 win 5
     = FIN-WAIT-2, snd_wnd 5

## 3.10.7.4-first-text-open: table 6, length > 0, window > 0: the first or the last number is in the window; only what is new is taken
TCP buffer=1000
in ESTABLISHED
0.1  < ACK 281:301 ack 101
     > ACK 101 ack 301
     < ACK 1301:1311 ack 101
     > ACK 101 ack 301
     < ACK 291:311 ack 101
     = ESTABLISHED, rcv_nxt 311, rcv_buf 301:311
0.3  > ACK 101 ack 311
     < ACK 1291:1400 ack 101
     > ACK 101 ack 311
     < ACK 311:1291 ack 101
     > ACK 101 ack 1301 win 0
     = ESTABLISHED, rcv_buf 301:1301

## 3.10.7.4-first-text-around: table 6, as it stands: a segment that begins before the window and ends after it is not acceptable
TCP buffer=1000
in ESTABLISHED
0.1  < ACK 300:1302 ack 101
     > ACK 101 ack 301
     = ESTABLISHED, rcv_buf 0:0

## 3.10.7.4-first-empty-closed: table 6, length 0, window 0: SEG.SEQ = RCV.NXT, and one past it as with a window probe
TCP buffer=1000
in ESTABLISHED
0.1  < ACK 301:1301 ack 101
0.3  > ACK 101 ack 1301 win 0
     < ACK 1301 ack 101 win 1
     = ESTABLISHED, snd_wnd 1
     < ACK 1300 ack 101 win 2
     > ACK 101 ack 1301 win 0
     < ACK 1303 ack 101 win 3
     > ACK 101 ack 1301 win 0
     = ESTABLISHED, snd_wnd 1

## 3.10.7.4-first-text-closed: table 6, length > 0, window 0: not acceptable; but a valid ACK is accepted
TCP buffer=1000
in ESTABLISHED
0.1  < ACK 301:1301 ack 101
0.3  > ACK 101 ack 1301 win 0
0.4  SEND 10
     > PSH,ACK 101:111 ack 1301
0.5  < ACK 1301:1311 ack 111
     > ACK 111 ack 1301 win 0
     < FIN,ACK 1301 ack 111
     > ACK 111 ack 1301 win 0
     = ESTABLISHED, rcv_nxt 1301, rcv_buf 301:1301, snd_una 111

## 3.10.7.4-first-text-edge: text at the right edge, or one past it, is not taken, though its ACK is heard
TCP buffer=1000
in ESTABLISHED
0.1  < ACK 1301:1311 ack 101 win 7
     > ACK 101 ack 301
     < ACK 1302:1312 ack 101 win 8
     > ACK 101 ack 301
     = ESTABLISHED, snd_wnd 8, ooo ()

## 3.10.7.4-first-fin-edge: a FIN may have the last number of the window, and none beyond
TCP buffer=1000
in ESTABLISHED
0.1  < FIN,ACK 1301 ack 101
     > ACK 101 ack 301
     = ESTABLISHED, rcv_fin None
     < FIN,ACK 301:1300 ack 101
     > ACK 101 ack 1301 win 0
     = CLOSE-WAIT, rcv_buf 301:1300

## 3.10.7.4-first-zero-window-rst (MUST-66): a RST is processed even when the receive window is zero
TCP buffer=1000
in ESTABLISHED
0.1  < ACK 301:1301 ack 101
0.3  > ACK 101 ack 1301 win 0
     < RST 1301
     = CLOSED, error connection reset

## 3.10.7.4-first-held (SHLD-31, MAY-13, MUST-58, MUST-59): segments with higher numbers are held, acknowledged at once, and processed in order, with one ACK
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2
0.1  < ACK 321:331 ack 101
     > ACK SND.NXT ack 301
     < ACK 311:321 ack 101
     > ACK SND.NXT ack 301
     = STATE, rcv_buf 0:0
     < ACK 301:311 ack 101
     > ACK SND.NXT ack 331
     = STATE, rcv_nxt 331, rcv_buf 301:331

## 3.10.7.4-first-overlaps: what overlaps is reconstructed to contain just the new data
in ESTABLISHED
0.1  < ACK 311:331 ack 101
     > ACK 101 ack 301
     < ACK 321:341 ack 101
     > ACK 101 ack 301
     < ACK 306:316 ack 101
     > ACK 101 ack 301
     < ACK 351:361 ack 101
     > ACK 101 ack 301
     < ACK 296:345 ack 101
     > ACK 101 ack 345
     < ACK 340:361 ack 101
     > ACK 101 ack 361
     = ESTABLISHED, rcv_nxt 361, rcv_buf 301:361

## 3.10.7.4-second-syn-received-passive (MUST-11): RST, SYN-RECEIVED after a passive OPEN: back to LISTEN; the user need not be informed
in SYN-RECEIVED
0.1  < RST 301
     = LISTEN, error None, dst None, timer None
0.2  < SYN 700 src 1234
     > SYN,ACK 100 ack 701 mss 1460 src 1234

## 3.10.7.4-second-syn-received-active (MUST-11): RST, SYN-RECEIVED after an active OPEN: "connection refused", CLOSED
in SYN-RECEIVED-actively
0.1  < RST 301
     = CLOSED, error connection refused, timer None

## 3.10.7.4-second-reset (MUST-12): RST: all queues are flushed, "connection reset", CLOSED
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT
0.1  < RST RCV.NXT
     = CLOSED, error connection reset, timer None, snd_buf 0:0

## 3.10.7.4-second-reset-called (MUST-11): RST, ESTABLISHED: also where the connection began with a passive OPEN
in SYN-RECEIVED
0.1  < ACK 301 ack 101
     < RST 301
     = CLOSED, error connection reset

## 3.10.7.4-second-closing: RST, CLOSING, LAST-ACK, TIME-WAIT: enter CLOSED, and return
in CLOSING LAST-ACK TIME-WAIT
0.1  < RST RCV.NXT
     = CLOSED, error None, timer None

## 3.10.7.4-second-flush: RST: what was queued or waits for an ACK is flushed
in ESTABLISHED
0.1  SEND 100
     > PSH,ACK 101:201 ack 301
     SEND 100
     < RST,ACK 301 ack 201
     = CLOSED, snd_buf 0:0, timer None

## 3.10.7.4-second-data (SHLD-2): a RST may contain data
in ESTABLISHED
0.1  < RST 301:320
     = CLOSED, error connection reset, rcv_buf 0:0

## 3.10.7.4-second-challenge: RST in the window, but not RCV.NXT: a challenge ACK <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> (RFC 5961 §3, 3)
in SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < RST RCV.NXT+1
     > ACK SND.NXT ack RCV.NXT
     < RST,ACK RCV.NXT+60000 ack SND.NXT
     > ACK SND.NXT ack RCV.NXT
     = STATE

## 3.10.7.4-fourth-syn-received (MUST-11): SYN, SYN-RECEIVED after a passive OPEN: back to LISTEN
in SYN-RECEIVED
0.1  < SYN 301
     = LISTEN, error None, dst None, timer None

## 3.10.7.4-fourth-challenge: SYN, irrespective of its number: a challenge ACK, and it is dropped (RFC 5961 §4)
in SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < SYN RCV.NXT
     > ACK SND.NXT ack RCV.NXT
     < SYN RCV.NXT+5
     > ACK SND.NXT ack RCV.NXT
     < SYN RCV.NXT-5
     > ACK SND.NXT ack RCV.NXT
     < SYN RCV.NXT+70000
     > ACK SND.NXT ack RCV.NXT
     < SYN,ACK RCV.NXT+5:RCV.NXT+15 ack SND.NXT
     > ACK SND.NXT ack RCV.NXT
     = STATE, rcv_buf 0:0

## 3.10.7.4-fourth-challenge-called (MUST-11): SYN, ESTABLISHED: also where the connection began with a passive OPEN
in SYN-RECEIVED
0.1  < ACK 301 ack 101
     < SYN 301
     > ACK 101 ack 301
     = ESTABLISHED

## 3.10.7.4-fifth-ack-off: if the ACK bit is off, drop the segment and return
in SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < PSH RCV.NXT:RCV.NXT+10 win 7
     < FIN RCV.NXT win 7
     = STATE, rcv_nxt RCV.NXT, rcv_buf 0:0, snd_wnd 65535

## 3.10.7.4-fifth-not-sent (MAY-12): SEG.ACK > SND.NXT: send an ACK, drop the segment, and return
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < ACK RCV.NXT:RCV.NXT+10 ack SND.NXT+1 win 7
     > ACK SND.NXT ack RCV.NXT
     = STATE, rcv_nxt RCV.NXT, rcv_buf 0:0, snd_wnd 65535

## 3.10.7.4-fifth-too-old (MAY-12): SEG.ACK < SND.UNA-MAX.SND.WND: send an ACK, drop the segment (RFC 5961 §5)
in ESTABLISHED
0.1  < ACK 301 ack 101 win 2000
0.2  < ACK 301:311 ack 101-65536
     > ACK 101 ack 301
     = ESTABLISHED, rcv_nxt 301
     < ACK 301:311 ack 101-65535
     = ESTABLISHED, rcv_nxt 311, rcv_buf 301:311

## 3.10.7.4-fifth-syn-received: SND.UNA < SEG.ACK =< SND.NXT: ESTABLISHED; SND.WND, SND.WL1, SND.WL2 are set
in SYN-RECEIVED SYN-RECEIVED-actively
0.1  < ACK 305 ack 101 win 2000
     = ESTABLISHED, snd_una 101, snd_wnd 2000, snd_wl1 305, snd_wl2 101, timer None

## 3.10.7.4-fifth-syn-received-text: and processing goes on with the text of that segment
in SYN-RECEIVED SYN-RECEIVED-actively
0.1  < ACK 301:311 ack 101 win 2000
     = ESTABLISHED, rcv_buf 301:311
0.3  > ACK 101 ack 311

## 3.10.7.4-fifth-syn-received-unacceptable: if it is not acceptable, <SEQ=SEG.ACK><CTL=RST>
in SYN-RECEIVED SYN-RECEIVED-actively
0.1  < ACK 301:311 ack 100 win 7
     > RST 100
     < ACK 301 ack 102 win 7
     > RST 102
     = SYN-RECEIVED, rcv_nxt 301, rcv_buf 0:0, snd_wnd 65535

## 3.10.7.4-fifth-new: ESTABLISHED, CLOSE-WAIT: SND.UNA < SEG.ACK =< SND.NXT: SND.UNA is SEG.ACK; what is acknowledged leaves the queue
TCP nagle=False
in ESTABLISHED CLOSE-WAIT
0.1  SEND 100
     > PSH,ACK 101:201 ack RCV.NXT
     SEND 100
     > PSH,ACK 201:301 ack RCV.NXT
0.2  < ACK RCV.NXT ack 151
     = STATE, snd_una 151, timer 1.2
0.3  < ACK RCV.NXT ack 201
     = STATE, snd_una 201, snd_buf 201:301, timer 1.3
0.4  < ACK RCV.NXT ack 301
     = STATE, snd_una 301, snd_buf 0:0, timer None

## 3.10.7.4-fifth-duplicate: ESTABLISHED: a duplicate (SEG.ACK =< SND.UNA) can be ignored; its text counts
in ESTABLISHED
0.1  SEND 100
     > PSH,ACK 101:201 ack 301
0.2  < ACK 301 ack 201 win 2000
0.3  < ACK 301:311 ack 101 win 7
     = ESTABLISHED, snd_una 201, snd_wnd 2000, rcv_buf 301:311

## 3.10.7.4-fifth-window: SND.WL1 < SEG.SEQ, or SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK: the window is updated
in ESTABLISHED
0.1  < ACK 301 ack 101 win 2000
     = ESTABLISHED, snd_wnd 2000, snd_wl1 301, snd_wl2 101
     < ACK 301 ack 101 win 1000
     = ESTABLISHED, snd_wnd 1000
     SEND 10
     > PSH,ACK 101:111 ack 301
     < ACK 301 ack 111 win 3000
     = ESTABLISHED, snd_wnd 3000, snd_wl1 301, snd_wl2 111
     < ACK 301:311 ack 111 win 4000
     < ACK 311:321 ack 111 win 5000
     = ESTABLISHED, snd_wnd 5000, snd_wl1 311, snd_wl2 111

## 3.10.7.4-fifth-window-old: an old segment (SEG.SEQ < SND.WL1) does not update the window
in ESTABLISHED
0.1  < ACK 311 ack 101 win 2000
     < ACK 301:311 ack 101 win 7
     = ESTABLISHED, snd_wnd 2000, snd_wl1 311, rcv_buf 301:311

## 3.10.7.4-fifth-window-newer-ack: a departure: what acknowledges more is newer, whatever its SEG.SEQ (§3.8.6)
in ESTABLISHED
0.1  SEND 10
     > PSH,ACK 101:111 ack 301
     < ACK 311 ack 101 win 2000
     < ACK 301:311 ack 111 win 3000
     = ESTABLISHED, snd_wnd 3000

## 3.10.7.4-fifth-fin-wait-1: FIN-WAIT-1: if the FIN is now acknowledged, FIN-WAIT-2; not if only data before it are
in ESTABLISHED
0.1  SEND 10
     > PSH,ACK 101:111 ack 301
     CLOSE
     > FIN,ACK 111 ack 301
0.2  < ACK 301 ack 111
     = FIN-WAIT-1
0.3  < ACK 301 ack 112
     = FIN-WAIT-2, timer None

## 3.10.7.4-fifth-fin-wait-2: FIN-WAIT-2: the TCB is not deleted, however long the peer takes
in FIN-WAIT-2
9000 < ACK 301 ack 102
     = FIN-WAIT-2

## 3.10.7.4-fifth-closing: CLOSING: if the ACK acknowledges our FIN, TIME-WAIT; otherwise ignore the segment
in CLOSING
0.1  < ACK 302 ack 101
     = CLOSING
0.2  < ACK 302 ack 102
     = TIME-WAIT, timer 240.2

## 3.10.7.4-fifth-last-ack: LAST-ACK: if our FIN is now acknowledged, delete the TCB, enter CLOSED
in LAST-ACK
0.1  < ACK 302 ack 101
     = LAST-ACK
0.2  < ACK 302 ack 102
     = CLOSED, error None, timer None

## 3.10.7.4-fifth-time-wait (MUST-13): TIME-WAIT: a retransmission of the remote FIN: acknowledge it, restart the 2 MSL timeout
in TIME-WAIT
     = TIME-WAIT, timer 240
100  < FIN,ACK 301 ack 102
     > ACK 102 ack 302
     = TIME-WAIT, timer 340
200  < ACK 302 ack 102
     = TIME-WAIT, timer 340

## 3.10.7.4-fifth-time-wait-other (MUST-13): TIME-WAIT: anything else that is old is acknowledged, and restarts nothing
in TIME-WAIT
100  < ACK 300:302 ack 102
     > ACK 102 ack 302
     < FIN,ACK 300 ack 102
     > ACK 102 ack 302
     = TIME-WAIT, timer 240

## 3.10.7.4-sixth-urg: URG changes nothing here: urgent data is left out, and its octets are part of the stream
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2
0.1  < URG,ACK 301:311 ack 101
     = STATE, rcv_buf 301:311

## 3.10.7.4-seventh-text (SHLD-14): ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2: text is delivered, RCV.NXT moves on, RCV.NXT+RCV.WND does not move back
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2
0.1  < ACK 301:1301 ack 101
     = STATE, rcv_nxt 1301, rcv_buf 301:1301
0.3  > ACK SND.NXT ack 1301 win 64535

## 3.10.7.4-seventh-before: text is not delivered before ESTABLISHED
in SYN-RECEIVED
0.1  < PSH 301:311
     = SYN-RECEIVED, rcv_buf 0:0

## 3.10.7.4-seventh-piggyback: the acknowledgment is piggybacked on a segment being transmitted if possible
in ESTABLISHED
0.1  < ACK 301:311 ack 101
0.2  SEND 10
     > PSH,ACK 101:111 ack 311
0.9  = ESTABLISHED

## 3.10.7.4-seventh-ignored: CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT: after the FIN there should be no text; ignore it
in CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < ACK 302:312 ack 101
     = STATE, rcv_nxt 302, rcv_buf 0:0

## 3.10.7.4-eighth-established: FIN, SYN-RECEIVED and ESTABLISHED: RCV.NXT moves over it, an ACK at once, CLOSE-WAIT
in SYN-RECEIVED SYN-RECEIVED-actively ESTABLISHED
0.1  < FIN,ACK 301 ack 101
     > ACK 101 ack 302
     = CLOSE-WAIT, rcv_nxt 302

## 3.10.7.4-eighth-text: FIN: text that came with it is delivered first
in ESTABLISHED
0.1  < FIN,ACK 301:311 ack 101
     > ACK 101 ack 312
     = CLOSE-WAIT, rcv_nxt 312, rcv_buf 301:311

## 3.10.7.4-eighth-fin-wait-1-acked: FIN, FIN-WAIT-1: if our FIN has been ACKed, perhaps in this segment: TIME-WAIT, the other timers are off
in FIN-WAIT-1
0.1  < FIN,ACK 301 ack 102
     > ACK 102 ack 302
     = TIME-WAIT, timer 240.1

## 3.10.7.4-eighth-fin-wait-1: FIN, FIN-WAIT-1: otherwise CLOSING
in FIN-WAIT-1
0.1  < FIN,ACK 301 ack 101
     > ACK 102 ack 302
     = CLOSING

## 3.10.7.4-eighth-fin-wait-2: FIN, FIN-WAIT-2: TIME-WAIT, start the time-wait timer
in FIN-WAIT-2
0.1  < FIN,ACK 301:311 ack 102
     > ACK 102 ack 312
     = TIME-WAIT, rcv_buf 301:311, timer 240.1

## 3.10.7.4-eighth-timers (MUST-13): FIN, FIN-WAIT-2: turn off the other timers
TCP keepalive=10. user_timeout=20. delack=0.4
in FIN-WAIT-2
0.1  < ACK 301:311 ack 102
0.2  < FIN,ACK 311 ack 102
     > ACK 102 ack 312
     = TIME-WAIT, timer 240.2

## 3.10.7.4-eighth-again: FIN, CLOSE-WAIT, CLOSING, LAST-ACK: the FIN once more is acknowledged once more; the state remains
in CLOSE-WAIT CLOSING LAST-ACK
0.1  < FIN,ACK 301 ack 101
     > ACK SND.NXT ack 302
     = STATE, rcv_nxt 302

## 3.10.7.4-eighth-again-waits: FIN, CLOSE-WAIT: and no time-wait timer is started
in CLOSE-WAIT
0.1  < FIN,ACK 301 ack 101
     > ACK 101 ack 302
999  = CLOSE-WAIT, timer None

## 3.10.7.4-eighth-beyond: FIN, CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT: a FIN with another number changes nothing
in CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT
0.1  < FIN,ACK 302 ack 101
     = STATE, rcv_nxt 302

## 3.10.7.4-eighth-held: FIN: it counts once all before it has come
in ESTABLISHED
0.1  < FIN,ACK 311:321 ack 101
     > ACK 101 ack 301
     = ESTABLISHED
     < ACK 301:311 ack 101
     > ACK 101 ack 322
     = CLOSE-WAIT, rcv_buf 301:321

## 3.10.7.4-eighth-held-alone: FIN: also one that came alone
in FIN-WAIT-2
0.1  < FIN,ACK 311 ack 102
     > ACK 102 ack 301
     = FIN-WAIT-2
     < ACK 301:311 ack 102
     > ACK 102 ack 312
     = TIME-WAIT, rcv_buf 301:311

## 3.10.7.4-eighth-ran-past: a departure: text that runs past a known FIN is read, and the FIN forgotten; the next FIN counts
in ESTABLISHED
0.1  < FIN,ACK 311 ack 101
     > ACK 101 ack 301
     < ACK 301:321 ack 101
     = ESTABLISHED, rcv_buf 301:321, rcv_fin None
     < FIN,ACK 321:331 ack 101
     > ACK 101 ack 332
     = CLOSE-WAIT, rcv_buf 301:331

## 3.10.7.4-eighth-ran-past-held: also where the text was held
in ESTABLISHED
0.1  < ACK 305:321 ack 101
     > ACK 101 ack 301
     < FIN,ACK 311 ack 101
     > ACK 101 ack 301
     < ACK 301:305 ack 101
     > ACK 101 ack 321
     = ESTABLISHED, rcv_buf 301:321
'''

TIMES = '''
## 3.10.8-user-timeout (MUST-47): USER TIMEOUT, any state: all queues are flushed, "connection aborted due to user timeout", CLOSED
TCP user_timeout=0.75
in SYN-SENT SYN-RECEIVED SYN-RECEIVED-actively FIN-WAIT-1 CLOSING LAST-ACK
0.74 = STATE
0.75 = CLOSED, error connection aborted due to user timeout, snd_buf 0:0, timer None

## 3.10.8-user-timeout-data: USER TIMEOUT, ESTABLISHED and CLOSE-WAIT: it runs while something is not acknowledged; progress restarts it
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

## 3.10.8-retransmission (MUST-19, SHLD-11): RETRANSMISSION TIMEOUT: send the segment at the front of the queue again; the time-out doubles each time
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
'''

OPENING = '''
## 3.1-window (MUST-1, REC-1): the window is an unsigned number, of up to 32 bits once it is scaled
TCP scaling=True
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 0
     < SYN,ACK 300 ack 101 win 65535 mss 1460 wscale 14
     > ACK 101 ack 301
     < ACK 301 ack 101 win 65535
     = ESTABLISHED, snd_wnd 1073725440

## 3.4-wrap: sequence numbers go on from 2^32-1 with 0, in both directions
0.0  OPEN active iss 4294967290
     > SYN 4294967290 mss 1460
     < SYN,ACK 4294967293 ack 4294967291 mss 1460
     > ACK 4294967291 ack 4294967294
     SEND 10
     > PSH,ACK 4294967291:4294967301 ack 4294967294
     < ACK 4294967294:4294967304 ack 5
     = ESTABLISHED, snd_una 4294967301, rcv_nxt 4294967304, rcv_buf 4294967294:4294967304
     CLOSE
     > FIN,ACK 5 ack 8
     < ACK 8 ack 6
     = FIN-WAIT-2

## 3.5-figure-6-a: the basic handshake, peer A
0.0  OPEN active
     > SYN 100 mss 1460
0.1  < SYN,ACK 300 ack 101
     > ACK 101 ack 301
     = ESTABLISHED
0.2  SEND 10
     > PSH,ACK 101:111 ack 301

## 3.5-figure-6-b: the basic handshake, peer B
0.0  OPEN passive iss 300
0.1  < SYN 100
     > SYN,ACK 300 ack 101 mss 1460
     = SYN-RECEIVED
0.2  < ACK 101 ack 301
     = ESTABLISHED
0.3  < PSH,ACK 101:111 ack 301
     = ESTABLISHED, rcv_buf 101:111

## 3.5-figure-7 (MUST-10): simultaneous open: the SYN,ACK that crosses ours establishes
0.0  OPEN active
     > SYN 100 mss 1460
0.1  < SYN 300 win 2000
     > SYN,ACK 100 ack 301 mss 1460
     = SYN-RECEIVED
0.2  < SYN,ACK 300 ack 101 win 1000
     = ESTABLISHED, snd_una 101, rcv_nxt 301, snd_wnd 1000, timer None

## 3.5-figure-7-scaled (MUST-10): simultaneous open: its window is that of a SYN, and never scaled; nobody lost a SYN
TCP scaling=True
0.0  OPEN active
     > SYN 100 mss 1460 wscale 0
0.1  < SYN 300 win 2000 mss 1460 wscale 3
     > SYN,ACK 100 ack 301 mss 1460 wscale 0
0.2  < SYN,ACK 300 ack 101 win 1000 mss 1460 wscale 3
     = ESTABLISHED, snd_wnd 1000, rto 1

## 3.5-figure-7-ack (MUST-10): simultaneous open: an ACK alone will do, where the peer had our SYN,ACK first
in SYN-RECEIVED-actively
0.2  < ACK 301 ack 101
     = ESTABLISHED, timer None

## 3.5-figure-7-lost (MUST-10): simultaneous open: SYN,ACK is sent again, and an ACK answers the one that is too late
in SYN-RECEIVED-actively
1.0  > SYN,ACK 100 ack 301 mss 1460
1.1  < SYN,ACK 300 ack 101
     = ESTABLISHED
1.2  < SYN,ACK 300 ack 101
     > ACK 101 ack 301

## 3.5-figure-7-other (MUST-10): simultaneous open: a SYN,ACK with another number is challenged, one that acknowledges nothing of ours reset
in SYN-RECEIVED-actively
0.1  < SYN,ACK 301 ack 101
     > ACK 101 ack 301
     < SYN,ACK 300 ack 100
     > RST 100
     = SYN-RECEIVED

## 3.5-figure-7-not-called: a SYN,ACK with the number of the SYN is old where we were called
in SYN-RECEIVED
0.1  < SYN,ACK 300 ack 101
     > ACK 101 ack 301
     = SYN-RECEIVED

## 3.5-figure-8-a: an old duplicate SYN of ours is answered: RST
0.0  OPEN active
     > SYN 100 mss 1460
0.1  < SYN,ACK 300 ack 91
     > RST 91
     = SYN-SENT
0.2  < SYN,ACK 400 ack 101
     > ACK 101 ack 401
     = ESTABLISHED

## 3.5-figure-8-b: an old duplicate SYN arrives: its RST leads back to LISTEN
0.0  OPEN passive iss 300
0.1  < SYN 90
     > SYN,ACK 300 ack 91 mss 1460
0.2  < RST 91
     = LISTEN
0.3  < SYN 100
     > SYN,ACK 300 ack 101 mss 1460
     = SYN-RECEIVED
0.4  < ACK 101 ack 301
     = ESTABLISHED

## 3.5-figure-9-a: half-open: the peer answers our SYN from a connection that we forgot: RST; our SYN is sent again
0.0  OPEN active iss 400
     > SYN 400 mss 1460
0.1  < ACK 300 ack 100
     > RST 100
     = SYN-SENT
1.0  > SYN 400 mss 1460

## 3.5-figure-9-b: half-open: a SYN out of the window in ESTABLISHED: an ACK; the RST that answers it aborts
in ESTABLISHED
0.1  < SYN 99000
     > ACK 101 ack 301
     < RST 301
     = CLOSED, error connection reset

## 3.5-figure-10-a: half-open: data for a connection that we forgot: RST
0.1  < ACK 300:310 ack 100
     > RST 100

## 3.5-figure-10-b: half-open: our data are answered with a RST: abort
in ESTABLISHED
0.1  SEND 10
     > PSH,ACK 101:111 ack 301
     < RST 301
     = CLOSED, error connection reset, timer None
     SEND 10 ! connection does not exist

## 3.5-figure-11-a: two passive ends: a SYN,ACK in LISTEN: RST
in LISTEN
0.1  < SYN,ACK 700 ack 91
     > RST 91
     = LISTEN

## 3.5-figure-11-b: two passive ends: the RST that comes back leads to LISTEN again
in LISTEN
0.1  < SYN 90
     > SYN,ACK 100 ack 91 mss 1460
     < RST 91
     = LISTEN

## 3.5-syn-again: a SYN once more in SYN-RECEIVED is old: an ACK
in SYN-RECEIVED SYN-RECEIVED-actively
0.1  < SYN 300 mss 1460
     > ACK 101 ack 301
     = STATE

## 3.5-established-by-data: a segment with data that acknowledges our SYN establishes, where the ACK before it was lost
in SYN-RECEIVED
0.1  < PSH,ACK 301:311 ack 101
     = ESTABLISHED, rcv_buf 301:311
'''

CLOSING = '''
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
'''

SEGMENTS = '''
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
'''

RETRANSMISSIONS = '''
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

## 3.8.1-repackaged: what is sent again may be packaged anew, with what was queued since
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 10
     CLOSE
     > FIN,PSH,ACK 111:121 ack 301
11.0 > FIN,PSH,ACK 101:121 ack 301

## 3.8.3-r2 (MUST-20, MUST-21): a time-out R2 seconds or more after the segment was sent first, without an answer: the connection is closed
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

## 3.8.3-r2-endless (MUST-21): and may be endless; then the user time-out, of five minutes unless chosen otherwise, ends it
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

## 3.8.4-off (MUST-25): keep-alives are off unless asked for
in ESTABLISHED
0.0  = ESTABLISHED, timer None

## 3.8.4-probe (MAY-5, MUST-24, MUST-27, SHLD-12): after so long without a segment: <SEQ=SND.NXT-1><ACK=RCV.NXT>, no data; the answer counts
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
'''

WINDOWS = '''
## 3.8.6-shrunk (MUST-34, SHLD-15): the peer shrinks the window, the usable window is negative: no new data
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
0.1  < ACK 301 ack 101 win 500
     SEND 5000
     = ESTABLISHED, snd_nxt 3021, snd_wnd 500

## 3.8.6-shrunk-again (SHLD-16): old data between SND.UNA and SND.UNA+SND.WND are sent again, as usual
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
0.1  < ACK 301 ack 101 win 500
1.0  > ACK 101:601 ack 301
3.0  > ACK 101:601 ack 301

## 3.8.6-shrunk-stays (SHLD-17, MUST-35): data beyond the right edge do not time the connection out; a window that shrank to 0 is probed
TCP r2=3
in ESTABLISHED
0.0  SEND 1460
     > PSH,ACK 101:1561 ack 301
0.1  < ACK 301 ack 601 win 0
1.1  > ACK 601:602 ack 301
1.2  < ACK 301 ack 601 win 0
3.1  > ACK 601:602 ack 301
3.2  < ACK 301 ack 601 win 0
7.1  > ACK 601:602 ack 301
7.2  < ACK 301 ack 601 win 0
15.1 > ACK 601:602 ack 301
15.2 < ACK 301 ack 601 win 0
     = ESTABLISHED, error None

## 3.8.6-shrunk-opens (SHLD-16): the window is closed for a moment, or two ACKs changed places: what is in flight is not sent twice, but in its time
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
0.1  < ACK 301 ack 101 win 0
0.2  < ACK 301 ack 101
     = ESTABLISHED, snd_nxt 3021, snd_wnd 65535
1.2  > ACK 101:1561 ack 301
1.3  < ACK 301 ack 3021

## 3.8.6.1-probe (MUST-36, SHLD-29, SHLD-30): a zero window is probed with an octet, first after RTO, then after twice as long each time
in ESTABLISHED CLOSE-WAIT
10.0 < ACK RCV.NXT ack 101 win 0
     SEND 100
11.0 > ACK 101:102 ack RCV.NXT
13.0 > ACK 101:102 ack RCV.NXT
17.0 > ACK 101:102 ack RCV.NXT
25.0 > ACK 101:102 ack RCV.NXT

## 3.8.6.1-open (MUST-37): as long as the peer answers, the connection stays open, whatever R2 and the user timeout say
TCP r2=2 user_timeout=3.
in ESTABLISHED
10.0 < ACK 301 ack 101 win 0
     SEND 100
11.0 > ACK 101:102 ack 301
     < ACK 301 ack 101 win 0
13.0 > ACK 101:102 ack 301
     < ACK 301 ack 101 win 0
17.0 > ACK 101:102 ack 301
     < ACK 301 ack 101 win 0
25.0 > ACK 101:102 ack 301
     < ACK 301 ack 101 win 0
41.0 > ACK 101:102 ack 301
43.9 = ESTABLISHED
44.0 = CLOSED, error connection aborted due to user timeout

## 3.8.6.1-silence (MUST-20): but if it does not, R2 counts
TCP r2=6
in ESTABLISHED
10.0 < ACK 301 ack 101 win 0
     SEND 100
11.0 > ACK 101:102 ack 301
13.0 > ACK 101:102 ack 301
17.0 = CLOSED, error connection aborted due to user timeout

## 3.8.6.1-opens: the window opens: all goes from SND.UNA on, and the time-out is the usual one
in ESTABLISHED
10.0 < ACK 301 ack 101 win 0
     SEND 100
11.0 > ACK 101:102 ack 301
     < ACK 301 ack 101 win 0
11.5 < ACK 301 ack 101 win 1000
     > PSH,ACK 101:201 ack 301
12.5 > PSH,ACK 101:201 ack 301

## 3.8.6.1-taken: the octet of a probe may be taken
in ESTABLISHED
10.0 < ACK 301 ack 101 win 0
     SEND 100
11.0 > ACK 101:102 ack 301
     < ACK 301 ack 102 win 0
12.0 > ACK 102:103 ack 301
     < ACK 301 ack 103 win 1000
     > PSH,ACK 103:201 ack 301

## 3.8.6.1-fin: a FIN can be a probe, too
in ESTABLISHED
10.0 < ACK 301 ack 101 win 0
     CLOSE
11.0 > FIN,ACK 101 ack 301
13.0 > FIN,ACK 101 ack 301

## 3.8.6.1-octet-fin: a probe is one number: an octet, and not the FIN behind it
in ESTABLISHED
10.0 < ACK 301 ack 101 win 0
     SEND 1
     CLOSE
11.0 > PSH,ACK 101:102 ack 301
12.0 < ACK 301 ack 102 win 10
     > FIN,ACK 102 ack 301

## 3.8.6.1-receiver (MAY-8): our window may stay closed; probes are answered
TCP buffer=1000 delack=0
in ESTABLISHED
0.0  < ACK 301:1301 ack 101
     > ACK 101 ack 1301 win 0
1.0  < ACK 1301:1302 ack 101
     > ACK 101 ack 1301 win 0
999  < ACK 1301:1302 ack 101
     > ACK 101 ack 1301 win 0
     RECEIVE 1000
     > ACK 101 ack 1301 win 1000

## 3.8.6.2.1-full (MUST-38): send if a full segment can be sent: min(D,U) >= Eff.snd.MSS
in ESTABLISHED
0.0  < ACK 301 ack 101 win 2000
     SEND 3000
     > ACK 101:1561 ack 301
     = ESTABLISHED, snd_nxt 1561

## 3.8.6.2.1-all (MUST-38): or all that is queued, if it fits: D <= U
in ESTABLISHED
0.0  < ACK 301 ack 101 win 100
     SEND 100
     > PSH,ACK 101:201 ack 301

## 3.8.6.2.1-half (MUST-38): or half of the largest window there was: Fs * Max(SND.WND)
TCP nagle=False
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 win 1000 mss 1460
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     < ACK 301 ack 1101 win 499
     < ACK 301 ack 1101 win 500
     > ACK 1101:1601 ack 301

## 3.8.6.2.1-wait (MUST-38): otherwise wait, until the override timeout
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 win 1000 mss 1460
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
0.5  < ACK 301 ack 1101 win 300
1.4  = ESTABLISHED, snd_nxt 1101
1.5  > ACK 1101:1401 ack 301

## 3.8.6.2.1-close (MUST-38): a CLOSE does not make a silly segment of a part of what is queued
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 win 1000 mss 1460
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     CLOSE
0.5  < ACK 301 ack 1101 win 300
1.4  = FIN-WAIT-1, snd_nxt 1101

## 3.8.6.2.1-override (MUST-38, MUST-60): the override timeout is RTO; then what fits is sent
TCP rto_min=0.5
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 win 1000 mss 1460
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     < ACK 301 ack 1101 win 300
0.5  > ACK 1101:1401 ack 301
     < ACK 301 ack 1401 win 1000
     > ACK 1401:2401 ack 301
1.0  > ACK 1401:2401 ack 301

## 3.8.6.2.1-timer: the time of a wait is not the time-out of what is sent after it
0.0  OPEN active
     > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 win 1000 mss 1460
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     < ACK 301 ack 1101 win 300
0.9  < ACK 301 ack 1101 win 1000
     > ACK 1101:2101 ack 301
1.9  > ACK 1101:2101 ack 301

## 3.8.6.2.2-fixed (MUST-39, SHLD-14): the right edge stays until a full segment's worth was taken out: min(Fr*RCV.BUFF, Eff.snd.MSS)
TCP buffer=4000
in ESTABLISHED
0.0  < ACK 301:1761 ack 101
     < ACK 1761:3221 ack 101
     > ACK 101 ack 3221 win 1080
     RECEIVE 1459
     < ACK 3221:3231 ack 101
0.2  > ACK 101 ack 3231 win 1070
     RECEIVE 1
     > ACK 101 ack 3231 win 2530

## 3.8.6.2.2-half (MUST-39): or half of the buffer, where that is less
TCP buffer=1000 delack=0
in ESTABLISHED
0.0  < ACK 301:1301 ack 101
     > ACK 101 ack 1301 win 0
     RECEIVE 499
     RECEIVE 1
     > ACK 101 ack 1301 win 500

## 3.8.6.2.2-update: an update is sent of its own only where the peer may wait for it: the window was less than a segment, or half of the buffer came free
TCP buffer=10000
in ESTABLISHED
0.0  < ACK 301:1761 ack 101
     < ACK 1761:3221 ack 101
     > ACK 101 ack 3221 win 7080
     RECEIVE 2920
     = ESTABLISHED, rcv_buf 0:0
     < ACK 3221:4681 ack 101
     < ACK 4681:6141 ack 101
     > ACK 101 ack 6141 win 7080
     < ACK 6141:7601 ack 101
     < ACK 7601:9061 ack 101
     > ACK 101 ack 9061 win 4160
     RECEIVE 5840
     > ACK 101 ack 9061 win 10000

## 3.8.6.3-delayed (SHLD-18, MUST-40): an ACK waits for company, but less than 0.5 seconds
in ESTABLISHED FIN-WAIT-1 FIN-WAIT-2
0.1  < ACK 301:311 ack 101
0.2  < ACK 311:321 ack 101
0.3  > ACK SND.NXT ack 321

## 3.8.6.3-second (SHLD-19): every second full-sized segment is acknowledged at once
in ESTABLISHED
0.1  < ACK 301:1761 ack 101
     < ACK 1761:3221 ack 101
     > ACK 101 ack 3221
     < ACK 3221:4681 ack 101
     < ACK 4681:6141 ack 101
     > ACK 101 ack 6141

## 3.8.6.3-octets (SHLD-19): or 2*RMSS octets
in ESTABLISHED
0.1  < ACK 301:1761 ack 101
     < ACK 1761:3220 ack 101
     < ACK 3220:3221 ack 101
     > ACK 101 ack 3221

## 3.8.6.3-off (SHLD-18): the delay can be turned off
TCP delack=0
in ESTABLISHED
0.1  < ACK 301:311 ack 101
     > ACK 101 ack 311

## 3.8.6.3-gap: at once where there is a gap, and where it is filled, in part or whole (RFC 5681 §4.2)
in ESTABLISHED
0.1  < ACK 311:321 ack 101
     > ACK 101 ack 301
     < ACK 331:341 ack 101
     > ACK 101 ack 301
     < ACK 301:311 ack 101
     > ACK 101 ack 321
     < ACK 321:331 ack 101
     > ACK 101 ack 341
     < ACK 341:351 ack 101
0.3  > ACK 101 ack 351

## 3.8.6.3-again: at once for what came before
in ESTABLISHED
0.1  < ACK 301:311 ack 101
     < ACK 301:311 ack 101
     > ACK 101 ack 311
'''

COMPANIONS = '''
## RFC5961-7-limit: challenge ACKs are limited: so many in 5 seconds
TCP challenges=2
in ESTABLISHED
10.0 < RST 302
     > ACK 101 ack 301
12.0 < SYN 302
     > ACK 101 ack 301
14.0 < RST 302
     < SYN 302
     < ACK 301 ack 102
     < ACK 299 ack 101
15.0 < RST 302
     > ACK 101 ack 301

## RFC5961-7-ten: ten, unless chosen otherwise
in ESTABLISHED
10.0 < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     = ESTABLISHED

## RFC5961-7-data: old data are answered without such a limit: their sender waits for it
TCP challenges=0
in ESTABLISHED
0.0  < ACK 291:301 ack 101
     > ACK 101 ack 301
     < RST 302
     = ESTABLISHED

## RFC7323-2.2-opener: scaling: both SYNs had the option: each window is shifted by its sender's shift, but those of SYNs never
TCP scaling=True buffer=1000000
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 4
     < SYN,ACK 300 ack 101 win 1000 mss 1460 wscale 3
     > ACK 101 ack 301 win 62500
     = ESTABLISHED, snd_wnd 1000
     < ACK 301 ack 101 win 1000
     = ESTABLISHED, snd_wnd 8000

## RFC7323-2.2-listener: scaling: the option answers the option
TCP scaling=True buffer=1000000
0.0  OPEN passive
     < SYN 300 win 1000 mss 1460 wscale 3
     > SYN,ACK 100 ack 301 win 65535 mss 1460 wscale 4
     = SYN-RECEIVED, snd_wnd 1000, rcv_wnd 65535
     < ACK 301 ack 101 win 1000
     = ESTABLISHED, snd_wnd 8000

## RFC7323-2.2-listener-again: scaling: SYN,ACK shows 65535 at most also after an ACK that showed more
TCP scaling=True buffer=1000000
0.0  OPEN passive
     < SYN 300 win 1000 mss 1460 wscale 3
     > SYN,ACK 100 ack 301 win 65535 mss 1460 wscale 4
0.1  < SYN 300 win 1000 mss 1460 wscale 3
     > ACK 101 ack 301 win 62500
1.0  > SYN,ACK 100 ack 301 win 65535 mss 1460 wscale 4

## RFC7323-2.2-refused: scaling: where the peer has no option, no window is shifted
TCP scaling=True buffer=1000000
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 4
     < SYN,ACK 300 ack 101 win 1000 mss 1460
     > ACK 101 ack 301 win 65535
     < ACK 301 ack 101 win 1000
     = ESTABLISHED, snd_wnd 1000, rcv_wnd 65535

## RFC7323-2.2-unasked: scaling: nor is the option sent to a peer that did not send it
TCP scaling=True buffer=1000000
0.0  OPEN passive
     < SYN 300 win 1000 mss 1460
     > SYN,ACK 100 ack 301 win 65535 mss 1460

## RFC7323-2.2-off: scaling: it can be turned off
TCP scaling=False buffer=1000000
0.0  OPEN passive
     < SYN 300 win 1000 mss 1460 wscale 3
     > SYN,ACK 100 ack 301 win 65535 mss 1460
     < ACK 301 ack 101 win 1000
     = ESTABLISHED, snd_wnd 1000

## RFC7323-2.2-small: scaling: a buffer of 65535 octets or less needs no shift; the option is sent all the same
TCP scaling=True buffer=1000
0.0  OPEN passive
     < SYN 300 mss 1460 wscale 3
     > SYN,ACK 100 ack 301 win 1000 mss 1460 wscale 0

## RFC7323-2.3-large: scaling: nor do we ever ask for more than 14
TCP scaling=True buffer=2000000000
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 14

## RFC7323-2.2-elsewhere: scaling: the option in a segment without SYN is ignored
TCP scaling=True
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 0
     < SYN,ACK 300 ack 101 mss 1460 wscale 1
     > ACK 101 ack 301
     < ACK 301 ack 101 win 1000 wscale 5
     = ESTABLISHED, snd_wnd 2000

## RFC7323-2.3-fourteen: scaling: a shift of more than 14 counts as 14
TCP scaling=True
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 0
     < SYN,ACK 300 ack 101 mss 1460 wscale 15
     > ACK 101 ack 301
     < ACK 301 ack 101 win 1
     = ESTABLISHED, snd_wnd 16384

## RFC7323-2.3-rounded: scaling: what is no whole number of units is rounded down; the edge that was shown before still holds
TCP scaling=True buffer=200000 delack=0
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 2
     < SYN,ACK 300 ack 101 mss 1460 wscale 0
     > ACK 101 ack 301 win 50000
     < ACK 301:302 ack 101
     > ACK 101 ack 302 win 49999
     < ACK 200300:200301 ack 101
     > ACK 101 ack 302 win 49999
     < ACK 302:303 ack 101
     > ACK 101 ack 303 win 49999
     = ESTABLISHED, rcv_nxt 303, rcv_wnd 199998

## RFC7323-3.2-opener: timestamps: SYN has our clock and 0; then each segment has our clock and the peer's
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
5.2  < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5200:700
5.3  SEND 10
     > PSH,ACK 101:111 ack 301 ts 5300:700
     CLOSE
     > FIN,ACK 111 ack 301 ts 5300:700

## RFC7323-3.2-listener: timestamps: the option answers the option
TCP timestamps=True
5.0  OPEN passive
     < SYN 300 mss 1460 ts 700:0
     > SYN,ACK 100 ack 301 mss 1460 ts 5000:700

## RFC7323-3.2-refused: timestamps: where the peer's SYN has none, no segment has any
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460
     > ACK 101 ack 301

## RFC7323-3.2-unasked: timestamps: nor is the option sent to a peer that did not send it
TCP timestamps=True
5.0  OPEN passive
     < SYN 300 mss 1460
     > SYN,ACK 100 ack 301 mss 1460

## RFC7323-3.2-off: timestamps: they can be turned off
TCP timestamps=False
5.0  OPEN passive
     < SYN 300 mss 1460 ts 700:0
     > SYN,ACK 100 ack 301 mss 1460

## RFC7323-3.2-uninvited: timestamps: where they were not agreed on, they are ignored
in ESTABLISHED
10.0 SEND 10
     > PSH,ACK 101:111 ack 301
10.8 < ACK 301 ack 111 ts 1:9000
     = ESTABLISHED, srtt 0.1, ts_recent 0

## RFC7323-3.2-rst: timestamps: a RST of this connection has them; without an ACK it echoes 0
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5000:700
     ABORT
     > RST 101 ts 5000:0

## RFC7323-3.2-missing: a departure: once agreed on, what comes without them (SYN cookies and middleboxes lose them) is taken all the same
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5000:700
     SEND 10
     > PSH,ACK 101:111 ack 301 ts 5000:700
5.2  < FIN,ACK 301:311 ack 111
     > ACK 111 ack 312 ts 5200:700
     = CLOSE-WAIT, rcv_buf 301:311, snd_una 111
     < RST 312
     = CLOSED

## RFC7323-3.2-half-open: timestamps: a peer that lost its memory may call without them: a challenge ACK, and its RST (figure 9)
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5000:700
6.0  < SYN 900000000 mss 1460
     > ACK 101 ack 301 ts 6000:700
     = ESTABLISHED
     < RST 301
     = CLOSED, error connection reset

## RFC7323-4.1: timestamps: the round-trip time comes from the echo, also for what was sent again
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
6.0  > SYN 100 mss 1460 ts 6000:0
6.2  < SYN,ACK 300 ack 101 mss 1460 ts 700:6000
     > ACK 101 ack 301 ts 6200:700
     = ESTABLISHED, srtt 0.2, rttvar 0.1, rto 1
6.3  < ACK 301 ack 101 ts 701:1
     = ESTABLISHED, srtt 0.2

## RFC7323-4.1-ahead: timestamps: an echo ahead of our clock is no sample: the segment that was timed tells
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
5.4  < SYN,ACK 300 ack 101 mss 1460 ts 700:5401
     > ACK 101 ack 301 ts 5400:700
     = ESTABLISHED, srtt 0.4, rto 1.2

## RFC7323-4.1-older: timestamps: nor is one from before all that is in flight; where it was sent again nothing tells (Karn)
TCP timestamps=True
1000 OPEN active
     > SYN 100 mss 1460 ts 1000000:0
1000.5 < SYN,ACK 300 ack 101 mss 1460 ts 700:0
     > ACK 101 ack 301 ts 1000500:700
     = ESTABLISHED, srtt 0.5, rto 1.5
2000 SEND 10
     > PSH,ACK 101:111 ack 301 ts 2000000:700
2001.5 > PSH,ACK 101:111 ack 301 ts 2001500:700
2002 < ACK 301 ack 111 ts 701:1999999
     = ESTABLISHED, srtt 0.5, rto 3
2003 SEND 10
     > PSH,ACK 111:121 ack 301 ts 2003000:701
2006 > PSH,ACK 111:121 ack 301 ts 2006000:701
2006.5 < ACK 301 ack 121 ts 702:2003000
     = ESTABLISHED, srtt 0.875

## RFC7323-4.1-zero: timestamps: an echo of 0 is honest where the SYN left at 0
TCP timestamps=True
0.0  OPEN active
     > SYN 100 mss 1460 ts 0:0
0.4  < SYN,ACK 300 ack 101 mss 1460 ts 700:0
     > ACK 101 ack 301 ts 400:700
     = ESTABLISHED, srtt 0.4

## RFC7323-4.3-earliest: timestamps: of segments that a delayed ACK acknowledges, the earliest is echoed
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5000:700
     < ACK 301:1749 ack 101 ts 800:5000
5.1  < ACK 1749:3197 ack 101 ts 900:5000
     > ACK 101 ack 3197 ts 5100:800

## RFC7323-4.3-gap: timestamps: out of order, the last that came in order is echoed; the segment that fills the gap is echoed next
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5000:700
     < ACK 311:321 ack 101 ts 800:5000
     > ACK 101 ack 301 ts 5000:700
     < ACK 301:311 ack 101 ts 900:5000
     > ACK 101 ack 321 ts 5000:900

## RFC7323-5.3-paws: PAWS: a segment from before is answered with an ACK and dropped, though its number is right
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5000:700
     < ACK 301:311 ack 101 ts 699:5000 win 7
     > ACK 101 ack 301 ts 5000:700
     = ESTABLISHED, rcv_nxt 301, snd_wnd 65535
     < ACK 301:311 ack 101 ts 700:5000
     = ESTABLISHED, rcv_nxt 311

## RFC7323-5.3-rst: PAWS: a RST is not subject to it
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 700:5000
     > ACK 101 ack 301 ts 5000:700
     < RST 301 ts 1:0
     = CLOSED

## RFC7323-5.3-wrap: PAWS: the clock goes on from 2^32-1 with 0
TCP timestamps=True
5.0  OPEN active
     > SYN 100 mss 1460 ts 5000:0
     < SYN,ACK 300 ack 101 mss 1460 ts 4294967295:5000
     > ACK 101 ack 301 ts 5000:4294967295
     < ACK 301:311 ack 101 ts 5:5000
     = ESTABLISHED, rcv_nxt 311
     < ACK 311:321 ack 101 ts 4294967295:5000
     > ACK 101 ack 311 ts 5000:5

## RFC2018-2-opener: SACK: the option in both SYNs permits it
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1460 sackOK
     > ACK 101 ack 301
     < ACK 311:321 ack 101
     > ACK 101 ack 301 sack 311:321

## RFC2018-2-listener: SACK: the option answers the option
TCP sack=True
0.0  OPEN passive
     < SYN 300 mss 1460 sackOK
     > SYN,ACK 100 ack 301 mss 1460 sackOK
     < ACK 301 ack 101
     < ACK 311:321 ack 101
     > ACK 101 ack 301 sack 311:321

## RFC2018-2-refused: SACK: not where the peer does not permit it
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1460
     > ACK 101 ack 301
     < ACK 311:321 ack 101
     > ACK 101 ack 301

## RFC2018-2-off: SACK: nor where we do not
0.0  OPEN passive
     < SYN 300 mss 1460 sackOK
     > SYN,ACK 100 ack 301 mss 1460
     < ACK 301 ack 101
     < ACK 311:321 ack 101
     > ACK 101 ack 301

## RFC2018-4-newest: SACK: the first block has the segment that came last; the others follow, the last heard of first, three at most
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1460 sackOK
     > ACK 101 ack 301
     < ACK 311:321 ack 101
     > ACK 101 ack 301 sack 311:321
     < ACK 351:361 ack 101
     > ACK 101 ack 301 sack 351:361,311:321
     < ACK 331:341 ack 101
     > ACK 101 ack 301 sack 331:341,351:361,311:321
     < ACK 371:381 ack 101
     > ACK 101 ack 301 sack 371:381,331:341,351:361
     < ACK 321:331 ack 101
     > ACK 101 ack 301 sack 311:341,371:381,351:361
     < ACK 351:356 ack 101
     > ACK 101 ack 301 sack 351:356,351:361,311:341
     < ACK 301:311 ack 101
     > ACK 101 ack 341 sack 351:361,371:381
     < ACK 341:371 ack 101
     > ACK 101 ack 381 sack 351:361
     = ESTABLISHED, rcv_buf 301:381

## RFC2018-4-data: SACK: the blocks ride on data, too
TCP sack=True nagle=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1460 sackOK
     > ACK 101 ack 301
     < ACK 311:321 ack 101
     > ACK 101 ack 301 sack 311:321
     SEND 10
     > PSH,ACK 101:111 ack 301 sack 311:321

## RFC2018-4-syn: SACK: text that came with a SYN is no block
TCP sack=True
0.0  OPEN passive
     < SYN 300:310 mss 1460 sackOK
     > SYN,ACK 100 ack 301 mss 1460 sackOK

## RFC2883-4.1.1: D-SACK: what comes again is told, once, below the ACK
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 301:801 ack 101
     < ACK 801:3301 ack 101
     > ACK 101 ack 3301
     < ACK 301:801 ack 101
     > ACK 101 ack 3301 sack 301:801
     < ACK 3301:5301 ack 101
     > ACK 101 ack 5301

## RFC2883-4.1.2: D-SACK: before the blocks of what is held
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:1301 ack 101
     > ACK 101 ack 301 sack 801:1301
     < ACK 201:301 ack 101
     > ACK 101 ack 301 sack 201:301,801:1301

## RFC2883-4.1.3: D-SACK: of what is held, with the block that has it as the second
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:1301 ack 101
     > ACK 101 ack 301 sack 801:1301
     < ACK 1301:1801 ack 101
     > ACK 101 ack 301 sack 801:1801
     < ACK 1301:1801 ack 101
     > ACK 101 ack 301 sack 1301:1801,801:1801

## RFC2883-4.2.1: D-SACK: of a segment only the part that came before, at once
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 301:801 ack 101
     < ACK 501:1001 ack 101
     > ACK 101 ack 1001 sack 501:801
     < ACK 1501:2001 ack 101
     > ACK 101 ack 1001 sack 1501:2001
     < ACK 1001:1701 ack 101
     > ACK 101 ack 2001 sack 1501:1701

## RFC2883-4.2.2: D-SACK: also where it makes a block larger
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:1301 ack 101
     > ACK 101 ack 301 sack 801:1301
     < ACK 1101:1501 ack 101
     > ACK 101 ack 301 sack 1101:1301,801:1501

## RFC2883-4.2.3: D-SACK: of two such parts the first
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:901 ack 101
     > ACK 101 ack 301 sack 801:901
     < ACK 1001:1101 ack 101
     > ACK 101 ack 301 sack 1001:1101,801:901
     < ACK 701:1201 ack 101
     > ACK 101 ack 301 sack 801:901,701:1201

## RFC2883-4-fin: D-SACK: of octets alone: a FIN that comes again has none
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < FIN,ACK 301:311 ack 101
     > ACK 101 ack 312
     < FIN,ACK 301:311 ack 101
     > ACK 101 ack 312 sack 301:311
     < FIN,ACK 311 ack 101
     > ACK 101 ack 312

## RFC2883-4-off: D-SACK: not where SACK was not agreed on, and nothing for what is refused in silence
in ESTABLISHED
0.0  < ACK 291:301 ack 101
     > ACK 101 ack 301
     < RST 291:301
     < ACK 301:311 ack 101
0.2  > ACK 101 ack 311

## RFC2883-4-data: D-SACK: it rides on data, too, and takes its room
TCP sack=True nagle=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK win 1000
     > ACK 101 ack 301
     SEND 2500
     > ACK 101:1101 ack 301
     < ACK 201:311 ack 1101
     > ACK 1101:2089 ack 311 sack 201:301
     > PSH,ACK 2089:2601 ack 311

## RFC2883-5-news: D-SACK: three of them are no duplicate ACKs, and no news
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 4000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > PSH,ACK 3101:4101 ack 301
     < ACK 301 ack 1101
     < ACK 301 ack 1101 sack 101:1101
     < ACK 301 ack 1101 sack 101:601
     < ACK 301 ack 1101 sack 601:1101
     = ESTABLISHED, sacked (), dupacks 0, recovering False
     < ACK 301 ack 1101 sack 2101:3101
     = ESTABLISHED, dupacks 1
     < ACK 301 ack 1101 sack 2101:2601,2101:3101
     < ACK 301 ack 1101 sack 2601:3101,2101:3101
     = ESTABLISHED, dupacks 1, recovering False
     < ACK 301 ack 1101 sack 3101:3201,1101:4101
     = ESTABLISHED, dupacks 1, recovering False

## RFC2018-5-holes: SACK: after a time-out, too, only what the peer lacks is sent again
TCP sack=True fast=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 4000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > PSH,ACK 3101:4101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101 sack 3101:4101,1101:2101
1.0  > ACK 101:1101 ack 301
     < ACK 301 ack 2101 sack 3101:4101
     > ACK 2101:3101 ack 301
     < ACK 301 ack 4101
     = ESTABLISHED, timer None

## RFC2018-5-part: SACK: also where the hole is smaller than a segment
TCP sack=True fast=False nagle=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 500
     > PSH,ACK 101:601 ack 301
     SEND 500
     > PSH,ACK 601:1101 ack 301
     < ACK 301 ack 101 sack 601:1101
1.0  > ACK 101:601 ack 301

## RFC2018-8-reneging: SACK: what was reported can be taken back: after a time-out at its left edge it is sent again
TCP sack=True fast=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 1101 sack 1101:2101
1.0  > PSH,ACK 1101:2101 ack 301

## RFC2018-invalid: SACK: blocks that cannot be are ignored
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 1000
     > PSH,ACK 101:1101 ack 301
     < ACK 301 ack 101 sack 1101:1201,51:101,601:501,101:201
     = ESTABLISHED, sacked ()

## RFC2018-invalid-old: SACK: blocks that an old ACK brings, and that were acknowledged since, are ignored
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 3000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > PSH,ACK 2101:3101 ack 301
     < ACK 301 ack 2101
     < ACK 301 ack 101 sack 1101:2101
     = ESTABLISHED, sacked (), dupacks 0

## RFC2018-uninvited: SACK: blocks are ignored where they were not permitted
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
     < ACK 301 ack 101 sack 1561:3021
     = ESTABLISHED, sacked (), recovering False

## RFC6675-5-third: recovery: when the third ACK tells of more, the first hole is sent again, and nothing else
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > PSH,ACK 4101:5101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101 sack 1101:3101
     < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     < ACK 301 ack 101 sack 1101:5101
     < ACK 301 ack 5101
     = ESTABLISHED, recovering False, timer None

## RFC6675-5-old: recovery: an ACK that tells of nothing new does not count
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 3000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > PSH,ACK 2101:3101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101
     = ESTABLISHED, recovering False

## RFC6675-5-holes: recovery: hole after hole, none twice
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 7000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > ACK 4101:5101 ack 301
     > ACK 5101:6101 ack 301
     > PSH,ACK 6101:7101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101 sack 3101:4101,1101:2101
     < ACK 301 ack 101 sack 3101:5101,1101:2101
     > ACK 101:1101 ack 301
     > ACK 2101:3101 ack 301
     < ACK 301 ack 101 sack 3101:6101,1101:2101
     < ACK 301 ack 101 sack 3101:7101,1101:2101
     < ACK 301 ack 2101 sack 3101:7101
     = ESTABLISHED, recovering True
     < ACK 301 ack 7101
     = ESTABLISHED, recovering False, timer None

## RFC6675-4-rule-3: recovery: where nothing lost and nothing new is left, a hole goes again of which it is not known; it is under way twice then
TCP sack=True cc=6000
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 6000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > ACK 4101:5101 ack 301
     > PSH,ACK 5101:6101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101 sack 1101:3101
     < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     < ACK 301 ack 101 sack 5101:6101,1101:4101
     > ACK 4101:5101 ack 301
     SEND 5000
     > ACK 6101:7101 ack 301
     > ACK 7101:8101 ack 301
     > ACK 8101:9101 ack 301
     < ACK 301 ack 4101 sack 5101:6101
     > ACK 9101:10101 ack 301
     > PSH,ACK 10101:11101 ack 301
     < ACK 301 ack 6101
     = ESTABLISHED, recovering False

## RFC6675-4-rule-2: recovery: new data go before such a hole
TCP sack=True cc=5000
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 9000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > ACK 4101:5101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     > ACK 5101:6101 ack 301
     < ACK 301 ack 101 sack 1101:3101
     > ACK 6101:7101 ack 301
     < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     > ACK 7101:8101 ack 301
     < ACK 301 ack 101 sack 5101:6101,1101:4101
     > PSH,ACK 8101:9101 ack 301
     < ACK 301 ack 101 sack 5101:7101,1101:4101
     > ACK 4101:5101 ack 301

## RFC6675-4-no-rescue: recovery: what lies beyond all blocks is not sent again before an ACK comes to it, and then at once
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > PSH,ACK 4101:5101 ack 301
     < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     < ACK 301 ack 4101
     > PSH,ACK 4101:5101 ack 301

## RFC6675-5-bytes: recovery: it begins, too, when more than 2 segments beyond the hole are known to have come
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 4000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > PSH,ACK 3101:4101 ack 301
     < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301

## RFC6675-5-blocks: recovery: or when three blocks beyond the hole are known, however small
TCP sack=True nagle=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 10
     > PSH,ACK 111:121 ack 301
     SEND 10
     > PSH,ACK 121:131 ack 301
     SEND 10
     > PSH,ACK 131:141 ack 301
     SEND 10
     > PSH,ACK 141:151 ack 301
     SEND 10
     > PSH,ACK 151:161 ack 301
     < ACK 301 ack 101 sack 151:161,131:141
     = ESTABLISHED, recovering False
     < ACK 301 ack 101 sack 111:121,151:161,131:141
     > ACK 101:111 ack 301
     > ACK 121:131 ack 301
     > ACK 141:151 ack 301
     = ESTABLISHED, recovering True

## RFC6675-5-small: recovery: of a hole smaller than a segment no more is sent than it has
TCP sack=True nagle=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 10
     > PSH,ACK 101:111 ack 301
     SEND 3000
     > ACK 111:1111 ack 301
     > ACK 1111:2111 ack 301
     > PSH,ACK 2111:3111 ack 301
     < ACK 301 ack 101 sack 111:3111
     > ACK 101:111 ack 301

## RFC6675-5-room: recovery: a further hole waits until there is room for it
TCP sack=True cc=5000
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 9000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > ACK 4101:5101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     > ACK 5101:6101 ack 301
     < ACK 301 ack 101 sack 3101:4101,1101:2101
     > ACK 6101:7101 ack 301
     < ACK 301 ack 101 sack 3101:5101,1101:2101
     > ACK 101:1101 ack 301
     > ACK 7101:8101 ack 301
     < ACK 301 ack 101 sack 3101:6101,1101:2101
     > ACK 2101:3101 ack 301
     > PSH,ACK 8101:9101 ack 301
     < ACK 301 ack 9101
     = ESTABLISHED, timer None

## RFC6675-5-pipe: recovery: no more in the network than cwnd allows, by what SACK tells of it; new data follow
TCP sack=True cc=5000
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 9000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > ACK 4101:5101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     > ACK 5101:6101 ack 301
     < ACK 301 ack 101 sack 1101:3101
     > ACK 6101:7101 ack 301
     < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     > ACK 7101:8101 ack 301
     < ACK 301 ack 101 sack 1101:5101
     > PSH,ACK 8101:9101 ack 301
     = ESTABLISHED, recovering True
     < ACK 301 ack 7101
     = ESTABLISHED, recovering False
     < ACK 301 ack 9101
     = ESTABLISHED, timer None

## RFC6675-5-first: a departure: in a recovery, the first octet that is not acknowledged counts as lost, as in RFC 6582
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > PSH,ACK 4101:5101 ack 301
     < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     < ACK 301 ack 4101
     > PSH,ACK 4101:5101 ack 301

## RFC6675-5.1-after: after a time-out no recovery begins before all that was sent by then is acknowledged
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 5000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > PSH,ACK 4101:5101 ack 301
1.0  > ACK 101:1101 ack 301
     < ACK 301 ack 101 sack 1101:2101
     < ACK 301 ack 101 sack 1101:3101
     < ACK 301 ack 101 sack 1101:5101
     = ESTABLISHED, recovering False

## RFC5681-3.2-third: without SACK: the third duplicate ACK, and the first segment is sent again
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 5941
     = ESTABLISHED, recovering False, timer None

## RFC5681-3.2-off: without SACK: fast retransmit can be turned off
TCP fast=False
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
1.0  > ACK 101:1561 ack 301

## RFC5681-2-duplicate: without SACK: no duplicate is an ACK with data, with another window, or with nothing outstanding
in ESTABLISHED
0.0  < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     SEND 1460
     > PSH,ACK 101:1561 ack 301
     < ACK 301:302 ack 101
     < ACK 302:303 ack 101
     < ACK 303:304 ack 101
     < ACK 304 ack 101 win 5000
     < ACK 304 ack 101 win 6000
     < ACK 304 ack 101 win 7000
     = ESTABLISHED, dupacks 0, recovering False

## RFC5681-2-older: without SACK: nor an ACK that is older than the last
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
     < ACK 301 ack 1561
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     = ESTABLISHED, dupacks 0, recovering False

## RFC5681-2-anew: without SACK: new data acknowledged: the count begins anew
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 1561
     < ACK 301 ack 1561
     < ACK 301 ack 1561
     = ESTABLISHED, dupacks 2, recovering False

## RFC6582-3.2-partial: without SACK: an ACK of only a part of it: the next segment is sent again at once, until all is acknowledged
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
     < ACK 301 ack 3021
     > ACK 3021:4481 ack 301
     = ESTABLISHED, recovering True
     < ACK 301 ack 5941
     = ESTABLISHED, recovering False

## RFC6582-4.1-after: without SACK: after a time-out, duplicates of what was sent before it mean nothing
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
1.0  > ACK 101:1561 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     = ESTABLISHED, recovering False

## RFC6582-4-timeout: without SACK: a time-out ends a recovery
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
1.0  > ACK 101:1561 ack 301
     = ESTABLISHED, recovering False, dupacks 0, left 0

## RFC6582-3.2-window: without SACK: each further duplicate lets a segment out, and an ACK of a part takes back what it told twice
TCP cc=7300
in ESTABLISHED
0.0  SEND 20440
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > ACK 4481:5941 ack 301
     > ACK 5941:7401 ack 301
     < ACK 301 ack 101
     > ACK 7401:8861 ack 301
     < ACK 301 ack 101
     > ACK 8861:10321 ack 301
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
     > ACK 10321:11781 ack 301
     < ACK 301 ack 101
     > ACK 11781:13241 ack 301
     < ACK 301 ack 101
     > ACK 13241:14701 ack 301
     < ACK 301 ack 3021
     > ACK 3021:4481 ack 301
     > ACK 14701:16161 ack 301
     < ACK 301 ack 13241
     > ACK 16161:17621 ack 301
     > ACK 17621:19081 ack 301
     > PSH,ACK 19081:20541 ack 301
     = ESTABLISHED, recovering False

## RFC5681-3.1-slow-start (MUST-19): congestion control: ten segments at first, then two more for each ACK of two; one after a time-out
TCP cc='NewReno' nagle=False
in ESTABLISHED
0.0  SEND 40000
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > ACK 4481:5941 ack 301
     > ACK 5941:7401 ack 301
     > ACK 7401:8861 ack 301
     > ACK 8861:10321 ack 301
     > ACK 10321:11781 ack 301
     > ACK 11781:13241 ack 301
     > ACK 13241:14701 ack 301
     < ACK 301 ack 1561
     > ACK 14701:16161 ack 301
     > ACK 16161:17621 ack 301
1.0  > ACK 1561:3021 ack 301

## RFC5681-3.1-syn-lost: congestion control: one segment at first where a SYN was sent again
TCP cc='NewReno'
in SYN-SENT
     SEND 40000
1.0  > SYN 100 mss 1460
     < SYN,ACK 300 ack 101 mss 1460
     > ACK 101:1561 ack 301

## RFC5681-3.1-timeout (MUST-19): congestion control: after a time-out one segment, then slow start
TCP cc='NewReno'
in ESTABLISHED
0.0  SEND 8760
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > ACK 4481:5941 ack 301
     > ACK 5941:7401 ack 301
     > PSH,ACK 7401:8861 ack 301
1.0  > ACK 101:1561 ack 301
     < ACK 301 ack 1561
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301

## RFC5681-3.2-half (MUST-19): congestion control: a loss halves what may be in flight; limited transmit does not count
TCP cc='NewReno'
in ESTABLISHED
0.0  SEND 20440
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > ACK 4481:5941 ack 301
     > ACK 5941:7401 ack 301
     > ACK 7401:8861 ack 301
     > ACK 8861:10321 ack 301
     > ACK 10321:11781 ack 301
     > ACK 11781:13241 ack 301
     > ACK 13241:14701 ack 301
     < ACK 301 ack 101
     > ACK 14701:16161 ack 301
     < ACK 301 ack 101
     > ACK 16161:17621 ack 301
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     > ACK 17621:19081 ack 301
     < ACK 301 ack 17621
     > PSH,ACK 19081:20541 ack 301
     = ESTABLISHED, recovering False

## RFC5681-4.1-idle: congestion control: after a pause longer than RTO, no more at once than at the beginning
TCP cc='NewReno' nagle=False
in ESTABLISHED
0.0  SEND 14600
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > ACK 4481:5941 ack 301
     > ACK 5941:7401 ack 301
     > ACK 7401:8861 ack 301
     > ACK 8861:10321 ack 301
     > ACK 10321:11781 ack 301
     > ACK 11781:13241 ack 301
     > PSH,ACK 13241:14701 ack 301
     < ACK 301 ack 14701
1.5  SEND 20440
     > ACK 14701:16161 ack 301
     > ACK 16161:17621 ack 301
     > ACK 17621:19081 ack 301
     > ACK 19081:20541 ack 301
     > ACK 20541:22001 ack 301
     > ACK 22001:23461 ack 301
     > ACK 23461:24921 ack 301
     > ACK 24921:26381 ack 301
     > ACK 26381:27841 ack 301
     > ACK 27841:29301 ack 301

## RFC5681-least: congestion control: where nothing is in flight, one segment may always go
TCP cc=500
in ESTABLISHED
0.0  SEND 3000
     > ACK 101:1561 ack 301
     < ACK 301 ack 1561
     > ACK 1561:3021 ack 301

## RFC3042-limited: limited transmit: each of the first two duplicate ACKs lets a new segment out
TCP cc=2920
in ESTABLISHED
0.0  SEND 7300
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     < ACK 301 ack 101
     > ACK 3021:4481 ack 301
     < ACK 301 ack 101
     > ACK 4481:5941 ack 301
'''

SCRIPTS = [*scripts(CALLS + ARRIVES + TIMES + OPENING + CLOSING + SEGMENTS + RETRANSMISSIONS + WINDOWS + COMPANIONS)]

@pytest.mark.parametrize('script', SCRIPTS, ids=lambda script: script.name)
def test_dialogue(script): Dialogue(script)

def test_each_has_its_name_and_known_rows():
    "A row of appendix B that a dialogue names is one of the conformance page"
    names = [script.name for script in SCRIPTS]
    assert len(set(names)) == len(names)
    known = set(re.findall(r'(?:MUST|SHLD|MAY|REC)-\d+', (root/'nbs'/'40_conformance.ipynb').read_text(encoding='utf-8')))
    assert {row for script in SCRIPTS for row in script.rows} <= known

def test_a_dialogue_can_fail():
    "Line by line: what is missing, too much, other, too late, in another state or without its error"
    for line in ['> ACK 101 ack 302', '> FIN,ACK 101 ack 301', '1.5 = ESTABLISHED', '= ESTABLISHED, snd_una 102', '= CLOSED', 'SEND 1 ! connection closing']:
        bad, = scripts(f'## bad: a wrong line\nin ESTABLISHED\n0 SEND 10\n > PSH,ACK 101:111 ack 301\n  {line}')
        with pytest.raises(AssertionError, match='expected'): Dialogue(bad)
    for line in ['> PSH,ACK 101:111 ack 301', '> PSH,ACK 102:112 ack 301', '> ACK 101:111 ack 301', '=']:
        bad, = scripts(f'## bad: a wrong line\nin ESTABLISHED\n0 SEND 10\n0.5  {line}')
        with pytest.raises(AssertionError, match='expected'): Dialogue(bad)

class Partial:
    "No controller: it lacks `on_loss`"
    cwnd, partial = 1000, False
    on_open = on_ack = on_timeout = None

def wrong(names, error, says, *values): return [(name, value, error, says) for name in names.split() for value in values]

NAN, INF = float('nan'), float('inf')
WRONG = [ # a choice of each kind, and what the error says would be right
    *wrong('mss default_mss buffer keep_count challenges', TypeError, 'a whole number', '9', None, True),
    *wrong('mss default_mss buffer keep_count challenges', ValueError, 'a whole number', 1.5, NAN, INF),
    *wrong('mss default_mss', ValueError, 'from 1 to 65535', 0, -1, 65536),
    *wrong('buffer challenges', ValueError, 'from 0 up', -1),
    *wrong('keep_count', ValueError, 'from 1 up', 0, -1),
    *wrong('delack rto_min msl rto_max keepalive keep_interval user_timeout r2', TypeError, 'a number of seconds', '9', None, True, [9], 9j),
    *wrong('delack rto_min msl', ValueError, '0 s or more, and finite', -1, NAN, INF),
    *wrong('rto_max keepalive keep_interval user_timeout r2', ValueError, 'more than 0 s', 0, -.5, NAN),
    *wrong('rto_min', ValueError, 'rto_max, 60.0 s, at most', 61),
    *wrong('scaling timestamps sack fast', TypeError, 'True or False', 'no', None, 0, 1, NAN),
    *wrong('cc', TypeError, 'a controller, as Reno() makes one', Reno),
    *wrong('cc', TypeError, 'a controller, which has cwnd', 'reno', 1460, True, Reno().on_ack),
    *wrong('cc', TypeError, 'a controller, which has on_loss', Partial())]

@pytest.mark.parametrize('name, value, error, says', WRONG, ids=lambda value: f'{value!r:.20}')
def test_what_is_no_choice(name, value, error, says):
    "It is refused when the TCB is made: another kind with a TypeError, too much or too little with a ValueError"
    with pytest.raises((TypeError, ValueError), match=f'{name} is {re.escape(says)}.*, not ') as e: TCB(**{name: value})
    assert e.type is error and len(str(e.value)) < 150

def test_choices_that_are_extreme():
    "What cannot be told at once from a wish is taken"
    for choice in dict(mss=1), dict(mss=65535), dict(buffer=0), dict(delack=0), dict(rto_min=0, rto_max=INF), dict(rto_min=60, rto_max=60), dict(msl=0), dict(r2=INF), \
            dict(user_timeout=INF), dict(keepalive=INF, keep_interval=INF), dict(challenges=0), dict(keep_count=1), dict(cc=None), dict(cc=Reno()):
        c = TCB(**choice)
        assert {name: getattr(c, name) for name in choice} == choice

PORTS = [*((v, TypeError, 'a whole number from 1 to 65535') for v in ('80', True, b'80', (80,))), *((v, ValueError, 'a whole number from 1 to 65535') for v in (1.5, NAN)),
    *((v, ValueError, 'from 1 to 65535') for v in (0, -1, 65536, 70000))]
CALLS = [*((lambda v=v: Open(v), e, f'the port src is {says}') for v,e,says in [*PORTS, (None, TypeError, 'a whole number from 1 to 65535')]),
    *((lambda v=v: Open(80, v), e, f'the port dst is {says}') for v,e,says in PORTS),
    *((lambda v=v: Open(80, 1000, v), e, 'iss is ') for v,e in [('7', TypeError), (1.5, ValueError), (None, TypeError), (-1, ValueError), (2**32, ValueError), (len, TypeError)]),
    *((lambda v=v: Open(80, iss=v), e, 'iss is ') for v,e in [('7', TypeError), (-1, ValueError), (2**32, ValueError)]),
    *((lambda v=v: TCB().step(0, Open(80, iss=lambda syn, now: v))[0].step(0, segment('SYN 300')), e, 'iss is ') for v,e in [('7', TypeError), (None, TypeError), (2**32, ValueError)]),
    *((lambda v=v: Send(v), TypeError, 'bytes are sent, not') for v in ('text', 5, None, [b'text'], bytearray(b'text'))),
    *((lambda v=v: Receive(v), ValueError, 'from 0 octets up') for v in (-1, 'all', 1.5, None)),
    *((lambda v=v: TCB().step(0, v), TypeError, 'an event is a call, a Segment or None') for v in (b'SYN', Open, 1.5, 'OPEN')),
    *((lambda v=v: isn(('a', 1), ('b', 2), v, 0), TypeError, 'secret is bytes') for v in ('text', None, 16)),
    *((lambda v=v: isn(('a', 1), ('b', 2), v, 0), ValueError, 'secret has 16 to 32 octets, not') for v in (b'', bytes(15), bytes(33))),
    *((lambda v=v: isn(('a', 1), ('b', 2), bytes(16), v), e, 'now is a ') for v,e in [('0', TypeError), (None, TypeError), (NAN, ValueError), (INF, ValueError)])]

@pytest.mark.parametrize('call, error, says', CALLS)
def test_what_is_no_call(call, error, says):
    "In words that say what would be right"
    with pytest.raises(error, match=says) as e: call()
    assert e.type is error and len(str(e.value)) < 150 and str(e.value)[0].islower()

def test_isn():
    "RFC 9293 §3.4.1 (MUST-8, MUST-9, SHLD-1): M + F(localip, localport, remoteip, remoteport, secretkey), M one step every 4 µs"
    ends,secret = [(('10.7.0.1', 40000), ('10.7.0.2', 80)), (('10.7.0.1', 40001), ('10.7.0.2', 80)), (('10.7.0.2', 80), ('10.7.0.1', 40000))],bytes(16)
    for src,dst in ends:
        first = isn(src, dst, secret, 0)
        for now,steps in [(4e-6, 1), (1, 250_000), (17_179.869184, 0), (100_000, 100_000*250_000)]: assert (isn(src, dst, secret, now) - first - steps) % 2**32 == 0
    assert len({isn(*pair, key, 0) for pair in ends for key in (secret, bytes(15) + b'1')}) == 6
    assert all(0 <= isn(*ends[0], secret, now) < 2**32 for now in range(20_000))
