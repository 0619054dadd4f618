"RFC 9293 §3.10.7.2: a segment arrives in LISTEN"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
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
''')]
test_dialogue = each(SCRIPTS)
