"RFC 2018: selective acknowledgments"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
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

## RFC2018-4-newest: SACK: the first block has the segment that came last;
##   the others follow, the last heard of first, three at most
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
''')]
test_dialogue = each(SCRIPTS)
