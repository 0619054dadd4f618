"RFC 9293 §3.8.6: the window: shrunk, zero, silly; and delayed ACKs"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
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

## 3.8.6-shrunk-stays (SHLD-17, MUST-35): data beyond the right edge do not time the connection out;
##   a window that shrank to 0 is probed
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

## 3.8.6-shrunk-opens (SHLD-16): the window is closed for a moment, or two ACKs changed places:
##   what is in flight is not sent twice, but in its time
in ESTABLISHED
0.0  SEND 2920
     > ACK 101:1561 ack 301
     > PSH,ACK 1561:3021 ack 301
0.1  < ACK 301 ack 101 win 0
0.2  < ACK 301 ack 101
     = ESTABLISHED, snd_nxt 3021, snd_wnd 65535
1.2  > ACK 101:1561 ack 301
1.3  < ACK 301 ack 3021

## 3.8.6.1-probe (MUST-36, SHLD-29, SHLD-30): a zero window is probed with an octet,
##   first after RTO, then after twice as long each time
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

## 3.8.6.2.2-fixed (MUST-39, SHLD-14): the right edge stays
##   until a full segment's worth was taken out: min(Fr*RCV.BUFF, Eff.snd.MSS)
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

## 3.8.6.2.2-update: an update is sent of its own only where the peer may wait for it:
##   the window was less than a segment, or half of the buffer came free
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
''')]
test_dialogue = each(SCRIPTS)
