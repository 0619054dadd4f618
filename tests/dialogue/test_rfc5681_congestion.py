"RFC 5681: congestion control, and fast retransmit without SACK"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
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

## RFC5681-3.1-slow-start (MUST-19): congestion control: ten segments at first,
##   then two more for each ACK of two; one after a time-out
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
''')]
test_dialogue = each(SCRIPTS)
