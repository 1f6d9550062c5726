"""The curves of the overview in a browser: drawn, told in words, and fitted to the screen."""


def test_the_curves_of_two_years_are_drawn_and_tell_their_last_stretch(reader):
    page = reader.go("office1", "/office")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.reload()

    page.wait_for_selector(".trend canvas")

    assert page.locator(".trend canvas").count() == 3
    legend = page.locator(".trend .u-legend").first.inner_text()
    assert "月探访率" in legend and "%" in legend and "年" in legend
    page.locator(".trend .u-over").first.hover(position={"x": 1, "y": 20})
    assert page.locator(".trend .u-legend").first.inner_text() != legend
    assert not [one for one in said if "Content Security Policy" in one]


def test_the_curves_fit_a_narrow_screen(reader):
    page = reader.go("office1", "/office")
    page.wait_for_selector(".trend canvas")

    page.set_viewport_size({"width": 360, "height": 740})

    page.wait_for_function(
        "[...document.querySelectorAll('.trend')].every((one) =>"
        " one.querySelector('canvas').getBoundingClientRect().width <= one.clientWidth + 1)"
    )
