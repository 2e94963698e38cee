from services.volunteer import domain


def test_an_offer_weighs_until_it_is_answered_and_a_job_until_the_work_is_done(offering, filled, completed):
    assert domain.commitments(None) == {}
    assert domain.commitments(offering) == {("V-2002", "offers"): 1, ("V-2001", "offers"): 1}
    assert domain.commitments(filled) == {("V-2002", "jobs"): 1, ("V-2001", "jobs"): 1}
    assert domain.commitments(completed) == {}


def test_a_burden_is_what_the_ranking_looks_at(people):
    volunteer = domain.burden(people["V-2001"], offers=1, jobs=2)

    assert (volunteer.open_offers, volunteer.open_jobs, volunteer.load) == (1, 2, 3)
