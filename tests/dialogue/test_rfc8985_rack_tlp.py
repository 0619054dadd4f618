"RFC 8985: tail loss probes, and retransmissions that are lost themselves"
from dialogue.script import each, scripts

OPENED = '''0.0  OPEN active
     > SYN 100 mss 1460 sackOK
0.1  < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
'''
SCRIPTS = [*scripts('''
## RFC8985-7.3-last: after two round trips of silence the last segment goes again;
##   a SACK of it shows the loss of those before it, and no time-out is needed
TCP sack=True rack=True
BEGIN
     SEND 3000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > PSH,ACK 2101:3101 ack 301
0.3  > PSH,ACK 2101:3101 ack 301
     = ESTABLISHED, probe 3101, probe_again True, retries 0
0.4  < ACK 301 ack 101 sack 2101:3101
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     = ESTABLISHED, recovering True, probe None
0.5  < ACK 301 ack 3101
     = ESTABLISHED, recovering False, retries 0, timer None

## RFC8985-7.3-off: without it the last segment waits for the time-out
TCP sack=True
BEGIN
     SEND 3000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > PSH,ACK 2101:3101 ack 301
1.1  > ACK 101:1101 ack 301
     = ESTABLISHED, retries 1

## RFC8985-7.3-new: new data, if there are some, are the probe, whatever cwnd and Nagle say
TCP sack=True rack=True cc=2000
BEGIN
     SEND 2300
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
0.3  > PSH,ACK 2101:2401 ack 301
     = ESTABLISHED, probe 2401, probe_again False
0.4  < ACK 301 ack 101 sack 2101:2401
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     = ESTABLISHED, recovering True

## RFC8985-7.3-window: but no more than the peer has room for
TCP sack=True rack=True
BEGIN
     < ACK 301 ack 101 win 2000
     SEND 3000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
0.3  > ACK 1101:2101 ack 301

## RFC8985-7.3-fin: a FIN that is lost goes again, with the data before it
TCP sack=True rack=True
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
     CLOSE
     > FIN,ACK 2101 ack 301
0.3  > FIN,PSH,ACK 1102:2101 ack 301
     = FIN-WAIT-1, probe 2102

## RFC8985-7.3-once: one probe, then the time-out, a whole RTO after it
TCP sack=True rack=True
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
0.3  > PSH,ACK 1101:2101 ack 301
1.3  > ACK 101:1101 ack 301
     = ESTABLISHED, retries 1, probe None
3.3  > ACK 101:1101 ack 301

## RFC8985-7.2-alone: less than two full segments may wait for a delayed ACK: 0.2 s more
TCP sack=True rack=True
BEGIN
     SEND 1500
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:1601 ack 301
0.5  > PSH,ACK 601:1601 ack 301

## RFC8985-7.2-rto: it does not come later than the time-out would have, and in its place
TCP sack=True rack=True rto_min=0.25
BEGIN
     SEND 1000
     > PSH,ACK 101:1101 ack 301
0.4  > PSH,ACK 101:1101 ack 301
     = ESTABLISHED, retries 0, probe 1101
0.7  > PSH,ACK 101:1101 ack 301
     = ESTABLISHED, retries 1, probe None

## RFC8985-7.2-restart: what is sent, and an ACK of something new, begin the wait anew
TCP sack=True rack=True
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
0.2  SEND 2000
     > ACK 2101:3101 ack 301
     > PSH,ACK 3101:4101 ack 301
0.3  < ACK 301 ack 2101
     = ESTABLISHED, srtt 0.1125
0.525 > PSH,ACK 3101:4101 ack 301

## RFC8985-7.2-sack: without SACK no probe would be understood, and none goes
TCP rack=True
0.0  OPEN active
     > SYN 100 mss 1460
0.1  < SYN,ACK 300 ack 101 mss 1000
     > ACK 101 ack 301
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
1.1  > ACK 101:1101 ack 301

## RFC8985-7.2-closed: nor into a closed window
TCP sack=True rack=True
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
     < ACK 301 ack 1101 win 0
     = ESTABLISHED, t_probe inf

## RFC8985-7.4-mended: the ACK of the probe alone leaves open what was lost;
##   one beyond it tells: cwnd is cut
TCP sack=True rack=True cc='NewReno'
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
0.2  < ACK 301 ack 1101
0.6  > PSH,ACK 1101:2101 ack 301
0.7  < ACK 301 ack 2101
     = ESTABLISHED, probe 2101
     SEND 1000
     > PSH,ACK 2101:3101 ack 301
0.8  < ACK 301 ack 3101
     = ESTABLISHED, probe None, recovering False, retries 0
     SEND 3000
     > ACK 3101:4101 ack 301
     > ACK 4101:5101 ack 301

## RFC8985-7.4-both: a D-SACK says that probe and original came: nothing was lost
TCP sack=True rack=True cc='NewReno'
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
0.2  < ACK 301 ack 1101
0.6  > PSH,ACK 1101:2101 ack 301
0.65 < ACK 301 ack 2101
     = ESTABLISHED, probe 2101
0.7  < ACK 301 ack 2101 sack 1101:2101
     = ESTABLISHED, probe None
     SEND 3000
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
     > PSH,ACK 4101:5101 ack 301

## RFC8985-7.4-both-later: and it may come with the ACK of something new
TCP sack=True rack=True cc='NewReno'
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
0.2  < ACK 301 ack 1101
0.6  > PSH,ACK 1101:2101 ack 301
0.65 < ACK 301 ack 2101
     SEND 1000
     > PSH,ACK 2101:3101 ack 301
0.7  < ACK 301 ack 3101 sack 1101:2101
     = ESTABLISHED, probe None
     SEND 3000
     > ACK 3101:4101 ack 301
     > ACK 4101:5101 ack 301
     > PSH,ACK 5101:6101 ack 301

## RFC8985-7.4-dupack: so does a duplicate ACK, from a peer without D-SACK
TCP sack=True rack=True cc='NewReno'
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
0.2  < ACK 301 ack 1101
0.6  > PSH,ACK 1101:2101 ack 301
0.65 < ACK 301 ack 2101
0.7  < ACK 301 ack 2101
     = ESTABLISHED, probe None

## RFC8985-6.2-timer: what came behind a gap is evidence of a loss when it has waited so long
TCP sack=True rack=True
BEGIN
     SEND 2000
     > ACK 101:1101 ack 301
     > PSH,ACK 1101:2101 ack 301
0.2  < ACK 301 ack 101 sack 1101:2101
     = ESTABLISHED, recovering False
0.3  > ACK 101:1101 ack 301
     = ESTABLISHED, recovering True

## RFC8985-6.2-timer-new: and what limited transmit sends begins the wait anew
TCP sack=True rack=True cc=2000
BEGIN
     SEND 3000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
0.2  < ACK 301 ack 101 sack 1101:2101
     > PSH,ACK 2101:3101 ack 301
0.4  > ACK 101:1101 ack 301
     = ESTABLISHED, recovering True

## RFC8985-7.2-mending: no probe goes in a recovery
TCP sack=True rack=True
BEGIN
     SEND 4000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > PSH,ACK 3101:4101 ack 301
0.2  < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     = ESTABLISHED, recovering True, t_probe inf

## RFC8985-6.2-again: a hole is sent again once more when what was sent after it has come
TCP sack=True rack=True cc=4000
BEGIN
     SEND 9000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
0.2  < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     > ACK 4101:5101 ack 301
     > ACK 5101:6101 ack 301
     > ACK 6101:7101 ack 301
0.3  < ACK 301 ack 101 sack 1101:5101
     > ACK 101:1101 ack 301
     > ACK 7101:8101 ack 301
     = ESTABLISHED, recovering True, retries 0
0.35 < ACK 301 ack 101 sack 1101:6101
     > PSH,ACK 8101:9101 ack 301
0.4  < ACK 301 ack 9101
     = ESTABLISHED, recovering False, retries 0, timer None

## RFC8985-6.2-again-off: without it, that hole waits for the time-out
TCP sack=True cc=4000
BEGIN
     SEND 9000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > ACK 3101:4101 ack 301
0.2  < ACK 301 ack 101 sack 1101:4101
     > ACK 101:1101 ack 301
     > ACK 4101:5101 ack 301
     > ACK 5101:6101 ack 301
     > ACK 6101:7101 ack 301
0.3  < ACK 301 ack 101 sack 1101:7101
     > ACK 7101:8101 ack 301
     > PSH,ACK 8101:9101 ack 301
1.1  > ACK 101:1101 ack 301
     > ACK 7101:8101 ack 301
     > PSH,ACK 8101:9101 ack 301
     = ESTABLISHED, retries 1
'''.replace('BEGIN\n', OPENED))]
test_dialogue = each(SCRIPTS)
