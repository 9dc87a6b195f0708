"""The test cases that the library ships for application recorders, over our table.

Its case for aggregate recorders does not apply: it asserts that inserting answers no positions (snapshots are not used here).
"""

import sys
from typing import Any

import eventsourcing.cryptography
import pytest

from eventstore.datastore import WardDatastore
from eventstore.recorder import WardRecorder

# The cases import a cipher that wants another cryptography package; the library has the same cipher over the one we use.
sys.modules.setdefault("eventsourcing.cipher", eventsourcing.cryptography)
from eventsourcing.tests import persistence as cases  # noqa: E402 - only possible after the line above


class OverOurTable:
    @pytest.fixture(autouse=True)
    def _recorder(self, database: str) -> Any:
        self.datastore = WardDatastore(database)
        yield
        self.datastore.close()

    def create_recorder(self) -> WardRecorder:
        return WardRecorder(self.datastore)


class TestApplicationRecorder(OverOurTable, cases.ApplicationRecorderTestCase[WardRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPositionsDoNotInterleave(OverOurTable, cases.NonInterleavingNotificationIDsBaseCase):
    insert_num = 1000
