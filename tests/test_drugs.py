from taperbot.drugs import drug_names, drugs_in, family_of


def test_brand_and_generic_name_one_drug() -> None:
    assert drugs_in("Can I mix Xanax with KLONOPIN?") == {"alprazolam", "clonazepam"}
    assert drugs_in("alprazolam") == drugs_in("Xanax")


def test_family_words_name_no_single_drug() -> None:
    assert drugs_in("benzos and other benzodiazepines") == frozenset()


def test_names_inside_other_words_do_not_count() -> None:
    assert drugs_in("magnesiumlike valiumania") == frozenset()


def test_every_name_belongs_to_one_drug() -> None:
    seen: dict[str, str] = {}
    for drug in drug_names().drugs:
        for name in drug.names:
            assert seen.setdefault(name, drug.generic) == drug.generic
    assert len(drug_names().drugs) > 100


def test_family_is_known_for_listed_drugs_only() -> None:
    assert family_of("diazepam") == "benzodiazepine"
    assert family_of("bread") == ""
