"""Rare collections: the collector is as before afterwards, also where the run breaks off."""

import gc

import pytest

from teikyaku.collecting import YOUNG, rare_collections


def broken_off():
    with rare_collections():
        assert gc.get_threshold()[0] == YOUNG
        assert gc.isenabled()
        raise KeyError


def test_the_collector_is_as_before_afterwards():
    before, was_frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    with pytest.raises(KeyError):
        broken_off()
    assert (gc.get_threshold(), gc.get_freeze_count() > 0) == (before, was_frozen)
