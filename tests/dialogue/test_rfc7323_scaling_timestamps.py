"RFC 7323: scaling, timestamps and PAWS"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## RFC7323-2.2-opener: scaling: both SYNs had the option:
##   each window is shifted by its sender's shift, but those of SYNs never
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

## RFC7323-2.3-rounded: scaling: what is no whole number of units is rounded down;
##   the edge that was shown before still holds
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

## RFC7323-5.4-offset: timestamps: our clock may have an offset, which wraps, and is taken off what is echoed
TCP timestamps=True ts_offset=4294967295
5.0  OPEN active
     > SYN 100 mss 1460 ts 4999:0
5.2  < SYN,ACK 300 ack 101 mss 1460 ts 700:4999
     > ACK 101 ack 301 ts 5199:700
     = ESTABLISHED, srtt 0.2

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

## RFC7323-3.2-missing: a departure: once agreed on,
##   what comes without them (SYN cookies and middleboxes lose them) is taken all the same
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

## RFC7323-3.2-half-open: timestamps: a peer that lost its memory may call without them:
##   a challenge ACK, and its RST (figure 9)
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

## RFC7323-4.1-older: timestamps: nor is one from before all that is in flight;
##   where it was sent again nothing tells (Karn)
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

## RFC7323-4.3-gap: timestamps: out of order, the last that came in order is echoed;
##   the segment that fills the gap is echoed next
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
''')]
test_dialogue = each(SCRIPTS)
