"RFC 6675: recovery by what SACK tells"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
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

## RFC6675-4-rule-3: recovery: where nothing lost and nothing new is left,
##   a hole goes again of which it is not known; it is under way twice then
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

## RFC6675-4-no-rescue: recovery: what lies beyond all blocks is not sent again
##   before an ACK comes to it, and then at once
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
''')]
test_dialogue = each(SCRIPTS)
