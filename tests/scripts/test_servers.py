"""The private servers: they answer while asked to, and are gone afterwards."""

import socket
from urllib.parse import urlsplit

import psycopg2
import pytest

from scripts.servers import clamd_server, postgres_server, redis_server


def listening(address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(address).port)) == 0


@pytest.mark.postgres_only
def test_postgres_answers_in_utf8_on_loopback_and_is_gone_afterwards():
    with postgres_server() as server:
        connection = psycopg2.connect(server.address)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lc_ctype'), current_setting('listen_addresses'), upper('安阳é')")
            assert cursor.fetchone() == ("C.UTF-8", "127.0.0.1", "安阳É")
        connection.close()
        assert listening(server.address)
    assert not listening(server.address)


@pytest.mark.jobs
def test_redis_is_stopped_and_started_at_the_same_address_and_is_gone_afterwards():
    with redis_server() as server:
        server.stop()
        assert not listening(server.address)
        server.start()
        assert listening(server.address)
    assert not listening(server.address)


def test_the_virus_scanner_listens_on_loopback_and_is_gone_afterwards():
    with clamd_server("Portal.Test:0:*:00010203\n") as server:
        assert listening(server.address)
    assert not listening(server.address)
