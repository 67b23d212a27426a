"""The desk's pages on people: how they are reached, what they were told, and many of them from a sheet."""

import re

import pytest

from companion.core.values import replace
from companion.records import AccessAnswers, AccessCard, Hours, SafeContact
from companion.service import contact, group_settings, organising, people
from companion.service.induction import ITEMS, QUESTIONS
from tests.fakes.world import START
from tests.web.signing_in import signed_in
from tests.web.test_groups import filled

CONTACT = {"email": "her@example.org", "phone": "+442079460001"}


@pytest.fixture
def desk(world, browser):
    return signed_in(browser, world)


def group_path(world):
    return f"/desk/groups/{world.group.id}"


def change(desk, path, **typed):
    """Open a page, change some of its first form, and keep it."""
    fields = {name: value for name, value in filled(desk.open(path)).items() if name not in ("username", "password")}
    return desk.send(path, **{**fields, **typed})


def now(world, person):
    return world.store.person(person.id)


class TestHerOwnPage:
    def test_kept_as_it_is_it_stays_as_it_is(self, world, desk):
        person = world.person(**CONTACT, contact_is_safe=True)

        page = change(desk, f"/desk/people/{person.id}")

        assert "Kept." in page.words
        assert now(world, person) == person

    def test_all_of_it_can_be_changed(self, world, desk):
        supporter = world.person("Noor", role="peer_supporter")
        person = world.person()

        change(
            desk,
            f"/desk/people/{person.id}",
            **{"name": "Amina Okafor", "alias": "Quiet  Wren", "language": "cy", "country": "IE", "first_time": []},
            **{"phone_only": "yes", "if_i_vanish": "call_me", "preferred_supporter": supporter.id},
        )

        her = now(world, person)
        assert (her.name, her.alias, her.language, her.country) == ("Amina Okafor", "Quiet Wren", "cy", "IE")
        assert (her.first_time, her.phone_only, her.if_i_vanish) == (False, True, "call_me")
        assert her.preferred_supporter == supporter.id

    @pytest.mark.parametrize(
        "wrong",
        [{"name": ""}, {"role": "system"}, {"country": "XX"}, {"if_i_vanish": "shout"}, {"preferred_supporter": "x"}],
    )
    def test_mistakes_change_nothing(self, world, desk, wrong):
        person = world.person()

        page = change(desk, f"/desk/people/{person.id}", **wrong)

        assert page.status == 422
        assert now(world, person) == person

    @pytest.mark.parametrize(
        ("alias", "say"),
        [("Mary", "part of her own name"), ("Wren 1974", "a year"), ("SW1A 1AA", "a postcode")],
    )
    def test_an_alias_that_tells_who_she_is_is_kept_only_if_she_wants_it_all_the_same(self, world, desk, alias, say):
        person = world.person()
        path = f"/desk/people/{person.id}"

        page = change(desk, path, alias=alias)
        warned = now(world, person).alias
        desk.send(path, **{**filled(page), "alias": alias, "alias_anyway": "yes"})

        assert (page.status, warned) == (422, "Wren")
        assert say in page.words
        assert now(world, person).alias == alias

    def test_an_alias_that_she_has_already_is_not_warned_of_again(self, world, desk):
        person = world.person()
        world.store.save_person(replace(person, alias="Mary"))

        assert change(desk, f"/desk/people/{person.id}", language="cy").status == 200

    def test_she_leaves_and_comes_back(self, world, desk):
        person = world.person()
        desk.open(f"/desk/people/{person.id}")

        gone = desk.send(f"/desk/people/{person.id}/leave")
        listed = desk.open(group_path(world)).words
        desk.send(f"/desk/people/{person.id}/back")

        assert "She has left the group." in gone.words
        assert "Have left the group" in listed
        assert now(world, person).left_at is None


class TestReachingHer:
    def test_the_record_is_kept_with_her_word(self, world, desk):
        person = world.person()
        friday = {"from_4": "22:00", "until_4": "02:00"}

        page = change(
            desk,
            f"/desk/people/{person.id}/contact",
            **{"channel": "text", "phone": "020 7946 0001", "voicemail": "yes", "name_to_use": "Aunt Jo"},
            **{"from_0": "10:00", "until_0": "12:30", "from_2": "10:00", "until_2": "12:30", "is_safe": "yes"},
            **friday,
        )

        her = now(world, person)
        hours = (Hours((0, 2), 600, 750), Hours((4,), 1320, 120))
        assert her.contact == SafeContact("text", hours, True, "Aunt Jo")
        assert (her.phone, her.contact_confirmed_at) == ("+442079460001", START)
        assert "She wants to be reached by text message." in page.words

    def test_kept_as_it_is_it_stays_confirmed(self, world, desk):
        person = world.person(**CONTACT, contact_is_safe=True)
        record = SafeContact("text", (Hours((0, 6), 600, 1320),), False, "Jo")
        person = people.change(world.deps, person.id, lambda her: replace(her, contact=record), is_safe=True)

        change(desk, f"/desk/people/{person.id}/contact")

        assert now(world, person) == person

    def test_a_change_without_her_word_stops_everything(self, world, desk):
        person = world.person(**CONTACT, contact_is_safe=True)

        change(desk, f"/desk/people/{person.id}/contact", email="new@example.org")

        her = now(world, person)
        assert (her.email, her.phone) == ("new@example.org", CONTACT["phone"])
        assert contact.may_reach(her, "mail", START) == "contact_not_confirmed"

    def test_address_and_number_can_be_deleted(self, world, desk):
        person = world.person(**CONTACT)

        change(desk, f"/desk/people/{person.id}/contact", forget_contact="yes", phone="020 7946 0002")

        assert (now(world, person).email, now(world, person).phone) == ("", "")

    def test_confirming_again_is_one_press(self, world, desk):
        person = world.person(**CONTACT)
        desk.open(f"/desk/people/{person.id}")

        page = desk.send(f"/desk/people/{person.id}/safe")

        assert now(world, person).contact_confirmed_at == START
        assert "She confirmed within 90 days that this is safe." in page.words

    def test_a_number_is_meant_in_the_country_where_she_lives(self, world, desk):
        person = world.person()
        world.store.save_person(replace(person, country="IE"))

        change(desk, f"/desk/people/{person.id}/contact", phone="01 800 0000")

        assert now(world, person).phone == "+35318000000"

    @pytest.mark.parametrize(
        ("wrong", "say"),
        [
            ({"phone": "12"}, "too short or too long"),
            ({"phone": "ring me"}, "too short or too long"),
            ({"email": "nobody"}, "e-mail address"),
            ({"email": "a@b\r\nBcc: c@d"}, "e-mail address"),
            ({"channel": "smoke"}, "way that is safe"),
            ({"from_0": "10:00"}, "both times"),
            ({"until_6": "10:00"}, "both times"),
            ({"from_0": "25:00", "until_0": "10:00"}, "Monday from"),
            ({"name_to_use": "n" * 41}, "fewer words"),
        ],
    )
    def test_mistakes_change_nothing(self, world, desk, wrong, say):
        person = world.person(**CONTACT, contact_is_safe=True)

        page = change(desk, f"/desk/people/{person.id}/contact", **wrong)

        assert page.status == 422
        assert say in page.words
        assert now(world, person) == person

    def test_no_page_shows_where_she_can_be_reached(self, world, desk):
        person = world.person(**CONTACT, contact_is_safe=True)

        pages = [desk.open(f"/desk/people/{person.id}{page}") for page in ("", "/contact", "/access", "/induction")]

        for page in (*pages, desk.open(group_path(world))):
            assert "example.org" not in page.html
            assert "7946" not in page.html.replace("020 7946 0000", "")


class TestWhatMakesItEasier:
    def test_the_card_is_kept_and_shared_only_if_she_says_so(self, world, desk):
        person = world.person()
        path = f"/desk/people/{person.id}/access"

        change(desk, path, cues=["captions", "reads_slowly"], note="  sits at the  window ")
        quiet = now(world, person).access_card
        change(desk, path, shared="yes")

        assert quiet == AccessCard(("captions", "reads_slowly"), "sits at the window", shared=False)
        assert now(world, person).access_card == replace(quiet, shared=True)

    @pytest.mark.parametrize("wrong", [{"cues": ["a label"]}, {"note": "n" * 201}])
    def test_nothing_but_the_list_is_ticked(self, world, desk, wrong):
        person = world.person()

        assert change(desk, f"/desk/people/{person.id}/access", **wrong).status == 422
        assert now(world, person) == person


class TestBeforeHerFirstTime:
    def test_she_is_invited_once_all_of_it_is_ticked(self, world, desk):
        person = organising.add_person(world.deps, world.group.id, "member", "Amina Okafor", "Wren")
        session, path = f"/desk/sessions/{world.session.id}", f"/desk/people/{person.id}/induction"
        desk.open(session)

        refused = desk.send(f"{session}/invite/{person.id}")
        change(desk, path, done=list(ITEMS))
        desk.open(session)
        desk.send(f"{session}/invite/{person.id}")

        assert "Nobody has told her yet how it works." in refused.words
        assert desk.at.endswith("/sheet")

    def test_or_somebody_says_by_name_that_it_is_not_needed(self, world, desk):
        person = organising.add_person(world.deps, world.group.id, "member", "Amina Okafor", "Wren")

        change(desk, f"/desk/people/{person.id}/induction", waived_by="Sol")

        assert now(world, person).induction.waived_by == "Sol"
        assert "not told yet" not in desk.open(group_path(world)).words

    def test_answers_are_counted_once_and_shown_as_totals_from_three_on(self, world, desk):
        person = world.person()
        path = f"/desk/people/{person.id}/induction"
        shown = []
        for _ in range(3):
            form = filled(desk.open(path))["form"]
            for _ in range(2):  # pressed twice
                answers = {question: "skip" for question in QUESTIONS} | {"headphones": "no", "own_device": "yes"}
                desk.send(f"{path}/answers", form=form, **answers)
                desk.open(path)
            shown.append("said yes" in desk.open(group_path(world)).words)

        assert shown == [False, False, True]
        assert "Do you have headphones? 0 of 3 said yes." in desk.page.words
        (kept,) = world.store.shelf(AccessAnswers).find()
        assert person.id not in repr(kept)

    @pytest.mark.parametrize("wrong", [{"form": ""}, {"form": "x", "own_device": "perhaps"}])
    def test_answers_that_are_none_are_not_counted(self, world, desk, wrong):
        person = world.person()
        desk.open(f"/desk/people/{person.id}/induction")

        assert desk.send(f"/desk/people/{person.id}/induction/answers", **wrong).status == 422
        assert world.store.shelf(AccessAnswers).find() == []


class TestASheet:
    def look(self, world, desk, content):
        desk.open(f"{group_path(world)}/people/import")
        # As a browser writes it: the test client would lay a large file down on a disk itself.
        head = 'Content-Disposition: form-data; name="sheet"; filename="people.csv"\r\nContent-Type: text/csv\r\n\r\n'
        token = f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{desk.page.csrf}\r\n'
        sheet = content.encode() if isinstance(content, str) else content
        body = f"--edge\r\n{token}--edge\r\n{head}".encode() + sheet + b"\r\n--edge--\r\n"
        path = f"{group_path(world)}/people/import"
        sent = desk._send("POST", path, data=body, content_type="multipart/form-data; boundary=edge")
        return desk._follow(path, sent)

    def confirm(self, world, desk, page):
        return desk.send(f"{group_path(world)}/people/import/confirm", rows=page.value("rows"))

    def test_each_row_is_shown_and_nothing_kept(self, world, desk):
        page = self.look(world, desk, "Name;Role;E-mail;Shoe size\nAnn;member;ann@example.org;38\nEve;queen;;\n")

        assert "1 person can be added." in page.words
        assert "Line 2: Ann, member, English, with an address" in page.words
        assert "Line 3: Eve This role is not known." in page.words
        assert "Left out, since we do not know these columns: Shoe size" in page.words
        assert "ann@example.org" not in page.html
        assert world.store.people(world.group.id) == []

    def test_what_was_shown_is_kept_once_however_often_it_is_pressed(self, world, desk):
        page = self.look(world, desk, "Name,Alias,E-mail\nAnn,Quiet Wren,ann@example.org\nEve,,\n")

        self.confirm(world, desk, page)
        desk.page = page
        after = self.confirm(world, desk, page)

        kept = world.store.people(world.group.id)
        assert [(one.name, one.email, one.contact_confirmed_at) for one in kept] == [
            ("Ann", "ann@example.org", None),
            ("Eve", "", None),
        ]
        assert "Kept." in after.words

    def test_looking_at_the_same_file_again_finds_everybody_there(self, world, desk):
        self.confirm(world, desk, self.look(world, desk, "Name\nAnn\n"))

        page = self.look(world, desk, "Name\nAnn\n")

        assert "Somebody of this name is in the group." in page.words
        assert page.value("rows") == ""

    @pytest.mark.parametrize("spoil", [lambda s: "", lambda s: s[:-4], lambda s: "x" + s[1:], lambda s: "gAAAAA"])
    def test_rows_that_were_not_ours_are_not_kept(self, world, desk, spoil):
        page = self.look(world, desk, "Name\nAnn\n")

        page = desk.send(f"{group_path(world)}/people/import/confirm", rows=spoil(page.value("rows")))

        assert page.status == 422
        assert world.store.people(world.group.id) == []

    def test_rows_of_another_group_are_not_kept_here(self, world, desk):
        other = organising.add_group(world.deps, "Another")
        page = self.look(world, desk, "Name\nAnn\n")

        page = desk.send(f"/desk/groups/{other.id}/people/import/confirm", rows=page.value("rows"))

        assert page.status == 422
        assert world.store.people(other.id) == []

    def test_a_full_sheet_goes_through_and_a_larger_one_is_refused(self, world, desk):
        rows = [f"Person {n},{n}@{'x' * 180}.example" for n in range(500)]

        page = self.look(world, desk, "\n".join(("Name,E-mail", *rows)))
        self.confirm(world, desk, page)
        refused = self.look(world, desk, "Name\n" + "x" * 1_050_000)

        assert len(world.store.people(world.group.id)) == 500
        assert (refused.status, "too large" in refused.words) == (422, True)

    @pytest.mark.parametrize(
        ("content", "say"),
        [("", "nothing in this file"), (b"\x00\x01", "cannot be read"), ("Alias\nWren\n", "No column is called")],
        ids=["empty", "binary", "nameless"],
    )
    def test_a_file_of_no_use_comes_back_with_why(self, world, desk, content, say):
        page = self.look(world, desk, content)

        assert page.status == 422
        assert say in page.words

    def test_no_file_at_all_comes_back_too(self, world, desk):
        desk.open(f"{group_path(world)}/people/import")

        assert desk.send(f"{group_path(world)}/people/import").status == 422

    def test_the_example_is_a_sheet_that_can_be_used(self, world, desk):
        response = desk.client.get(f"{group_path(world)}/people/import/example")

        page = self.look(world, desk, response.get_data())

        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert "2 people can be added." in page.words

    def test_markup_and_formulas_are_only_words(self, world, desk):
        page = self.look(world, desk, "Name,Alias\n=HYPERLINK(1),<b>Wren</b>\n")

        assert not page.all("b")
        assert "We left out a sign at the beginning" in page.words
        assert re.search(r"Line 2: HYPERLINK", page.words)

    def test_a_large_sheet_is_never_laid_down_on_a_disk(self, world, desk, monkeypatch):
        monkeypatch.setattr("tempfile.tempdir", "/nowhere")

        page = self.look(world, desk, "Name\n" + "\n".join(" " * 1200 + f"Person {n}" for n in range(500)))

        assert "500 people can be added." in page.words

    def test_other_pages_still_take_no_more_than_they_need(self, world, desk):
        desk.open(group_path(world))

        assert desk.client.post(f"{group_path(world)}/people", data={"name": "x" * 20_000}).status_code == 413


def test_the_desk_says_on_the_page_of_a_date_why_its_doors_stay_shut(world, desk):
    before = desk.open(f"/desk/sessions/{world.session.id}").words

    group_settings.change(
        world.deps, world.group.id, lambda g: replace(g, settings=replace(g.settings, safeguarding=None))
    )
    after = desk.open(f"/desk/sessions/{world.session.id}").words

    hint = "The doors stay shut until the group has a safety plan."
    assert (hint in before, hint in after) == (False, True)


def test_a_sheet_is_checked_against_the_people_of_this_group_alone(world, desk):
    other = organising.add_group(world.deps, "Another")
    organising.add_person(world.deps, other.id, "member", "Ann")

    page = TestASheet().look(world, desk, "Name\nAnn\n")

    assert "1 person can be added." in page.words
