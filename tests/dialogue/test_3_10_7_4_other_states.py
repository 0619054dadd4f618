"RFC 9293 §3.10.7.4: a segment arrives in any other state, checked in eight steps"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.10.7.4-first-old: an old segment is answered with <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>,
##   and dropped, whatever it acknowledges
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

## 3.10.7.4-first-empty-edge: a departure: an ACK at the right edge,
##   or one past it (where a window probe went), is heard
TCP buffer=1000
in FIN-WAIT-1
0.1  < ACK 1301 ack 101 win 4
     < ACK 1302 ack 102 win 5
     = FIN-WAIT-2, snd_wnd 5

## 3.10.7.4-first-text-open: table 6, length > 0, window > 0:
##   the first or the last number is in the window; only what is new is taken
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

## 3.10.7.4-first-text-around: table 6, as it stands:
##   a segment that begins before the window and ends after it is not acceptable
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

## 3.10.7.4-first-held (SHLD-31, MAY-13, MUST-58, MUST-59): segments with higher numbers are held,
##   acknowledged at once, and processed in order, with one ACK
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

## 3.10.7.4-second-syn-received-passive (MUST-11): RST, SYN-RECEIVED after a passive OPEN:
##   back to LISTEN; the user need not be informed
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

## 3.10.7.4-second-challenge: RST in the window, but not RCV.NXT:
##   a challenge ACK <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK> (RFC 5961 §3, 3)
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

## 3.10.7.4-fifth-new: ESTABLISHED, CLOSE-WAIT: SND.UNA < SEG.ACK =< SND.NXT: SND.UNA is SEG.ACK;
##   what is acknowledged leaves the queue
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

## 3.10.7.4-fifth-time-wait (MUST-13): TIME-WAIT: a retransmission of the remote FIN:
##   acknowledge it, restart the 2 MSL timeout
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

## 3.10.7.4-seventh-text (SHLD-14): ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2:
##   text is delivered, RCV.NXT moves on, RCV.NXT+RCV.WND does not move back
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

## 3.10.7.4-eighth-fin-wait-1-acked: FIN, FIN-WAIT-1: if our FIN has been ACKed,
##   perhaps in this segment: TIME-WAIT, the other timers are off
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

## 3.10.7.4-eighth-again: FIN, CLOSE-WAIT, CLOSING, LAST-ACK:
##   the FIN once more is acknowledged once more; the state remains
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

## 3.10.7.4-eighth-ran-past: a departure: text that runs past a known FIN is read,
##   and the FIN forgotten; the next FIN counts
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
''')]
test_dialogue = each(SCRIPTS)
