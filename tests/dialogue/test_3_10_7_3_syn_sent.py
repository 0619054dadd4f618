"RFC 9293 §3.10.7.3: a segment arrives in SYN-SENT"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.10.7.3-first-unacceptable: SYN-SENT: SEG.ACK =< ISS or SEG.ACK > SND.NXT:
##   <SEQ=SEG.ACK><CTL=RST>, discard the segment
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

## 3.10.7.3-fourth-syn-ack: SYN-SENT: our SYN is acknowledged: SND.UNA is SEG.ACK, ESTABLISHED,
##   <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
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

## 3.10.7.3-fourth-syn (MUST-10): SYN-SENT: a SYN alone: <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>,
##   SYN-RECEIVED, the window is noted
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
''')]
test_dialogue = each(SCRIPTS)
