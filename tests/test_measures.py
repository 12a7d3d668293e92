import pytest

from taperbot.measures import estimate, first_of_each, ndcg_at, recall_at, reciprocal_rank


def test_ranking_measures_on_a_case_worked_out_by_hand() -> None:
    ranked, right = ["x", "a", "y", "b"], {"a", "b"}
    assert recall_at(ranked, right, 1) == 0
    assert recall_at(ranked, right, 2) == 0.5
    assert recall_at(ranked, right, 4) == 1
    assert reciprocal_rank(ranked, right) == 0.5
    assert ndcg_at(ranked, right) == pytest.approx((0.6309 + 0.4307) / (1 + 0.6309), abs=1e-3)
    assert ndcg_at(["a", "b"], right) == 1


def test_nothing_right_counts_nothing() -> None:
    assert recall_at(["a"], set(), 1) == ndcg_at(["a"], set()) == reciprocal_rank(["a"], {"b"}) == 0


def test_estimates_hold_their_mean_and_repeat() -> None:
    found = estimate([0, 1, 1, 1])
    assert (found.mean, found.count) == (0.75, 4)
    assert found.low <= found.mean <= found.high
    assert found == estimate([0, 1, 1, 1])
    assert estimate([]).count == 0
    assert (estimate([1.0] * 5).low, estimate([1.0] * 5).high) == (1.0, 1.0)


def test_repeats_are_dropped_the_first_kept() -> None:
    assert first_of_each(["a", "b", "a"]) == ["a", "b"]
