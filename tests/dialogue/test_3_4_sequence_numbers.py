"RFC 9293 §3.4: sequence numbers, and where they begin"
from dialogue.script import each, scripts
from python_tcp.engine import isn

SCRIPTS = [*scripts('''
## 3.4-wrap: sequence numbers go on from 2^32-1 with 0, in both directions
0.0  OPEN active iss 4294967290
     > SYN 4294967290 mss 1460
     < SYN,ACK 4294967293 ack 4294967291 mss 1460
     > ACK 4294967291 ack 4294967294
     SEND 10
     > PSH,ACK 4294967291:4294967301 ack 4294967294
     < ACK 4294967294:4294967304 ack 5
     = ESTABLISHED, snd_una 4294967301, rcv_nxt 4294967304, rcv_buf 4294967294:4294967304
     CLOSE
     > FIN,ACK 5 ack 8
     < ACK 8 ack 6
     = FIN-WAIT-2
''')]
test_dialogue = each(SCRIPTS)

def test_isn():
    """RFC 9293 §3.4.1 (MUST-8, MUST-9, SHLD-1): M + F(localip, localport, remoteip, remoteport, secretkey),
    M one step every 4 µs"""
    ends = [(('10.7.0.1', 40000), ('10.7.0.2', 80)),
            (('10.7.0.1', 40001), ('10.7.0.2', 80)),
            (('10.7.0.2', 80), ('10.7.0.1', 40000))]
    secret = bytes(16)
    for src,dst in ends:
        first = isn(src, dst, secret, 0)
        for now,steps in [(4e-6, 1), (1, 250_000), (17_179.869184, 0), (100_000, 100_000*250_000)]:
            assert (isn(src, dst, secret, now) - first - steps) % 2**32 == 0
    assert len({isn(*pair, key, 0) for pair in ends for key in (secret, bytes(15) + b'1')}) == 6
    assert all(0 <= isn(*ends[0], secret, now) < 2**32 for now in range(20_000))
