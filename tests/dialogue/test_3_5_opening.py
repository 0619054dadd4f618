"RFC 9293 §3.5: opening a connection, figures 6 to 11"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
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

## 3.5-figure-7-other (MUST-10): simultaneous open: a SYN,ACK with another number is challenged,
##   one that acknowledges nothing of ours reset
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
''')]
test_dialogue = each(SCRIPTS)
