"""The table of festivals is that of the Chinese calendar, as the browser knows it."""

from sync import festivals

# Month and day by the Chinese calendar.
BY_MOON = {
    "spring": "1-1",
    "dragon_boat": "5-5",
    "mid_autumn": "8-15",
    "double_ninth": "9-9",
}
# The moon was new at 23:56 and at 0:07 in Beijing: the browser's arithmetic is some minutes off.
NEAR_MIDNIGHT = {"2027-02-06": "12-30", "2030-02-03": "1-2"}


def test_every_festival_is_on_its_day_of_the_chinese_calendar(blank):
    table = [feast for year in range(2025, 2036) for feast in festivals.of_year(year)]

    found = blank.evaluate(
        """(table) => {
            const zone = { timeZone: "UTC", month: "numeric", day: "numeric" };
            const moon = new Intl.DateTimeFormat("en-u-ca-chinese", zone);
            return table.map(([, on]) => {
                const parts = moon.formatToParts(new Date(on));
                const part = (type) => parts.find((one) => one.type === type).value;
                return `${part("month")}-${part("day")}`;
            });
        }""",
        table,
    )

    assert len(table) == 44
    assert found == [NEAR_MIDNIGHT.get(on, BY_MOON[name]) for name, on in table]
