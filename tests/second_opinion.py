"""A second opinion on the rules: ordinary yes-or-no logic over a world in which everything is known.

It reads the rule files as they are written and shares no code with the engine, so that both are wrong only together.
A world maps each fact to its value; of the items it holds the set of those that are really there.
"""

import datetime as dt

ITEMS = "data_items"


class Opinion:
    """What ordinary logic says of a world under the rules in force on a day."""

    def __init__(self, rulebook, day):
        self.groups = {
            fact["id"]: [
                (value["id"], value.get("groups", [])) for value in self._values(rulebook.plain["facts"], fact)
            ]
            for fact in rulebook.plain["facts"]
        }
        self.regimes = {regime["id"]: regime for regime in rulebook.plain["regimes"]}
        self.rules = {
            f"{regime['id']}.{rule['id']}": self._in_force(rule, day)
            for regime in rulebook.plain["regimes"]
            for rule in regime["rules"]
        }

    @staticmethod
    def _values(facts, fact):
        same = fact.get("values_of")
        return next(other for other in facts if other["id"] == same)["values"] if same else fact.get("values", [])

    @staticmethod
    def _in_force(rule, day):
        dated = [version for version in rule["versions"] if version["from"] != "not_yet"]
        begun = [version for version in dated if dt.date.fromisoformat(version["from"]) <= day]
        return begun[-1] if begun else None

    def rule(self, name, world):
        """Tell whether the rule ``regime.id`` holds in ``world``."""
        return self.holds(self.rules[name]["when"], world, name.partition(".")[0])

    def duty(self, name, world):
        """Return what the duty ``regime.id`` comes to in ``world``."""
        regime = name.partition(".")[0]
        base = self.rule(name, world) and self.concerns(regime, world)
        proven = [each for each in self.rules[name]["exceptions"] if self.holds(each["when"], world, regime)]
        assert len(proven) <= 1
        if proven and (base or proven[0]["duty"] != "released"):
            return proven[0]["duty"]
        return "required" if base else "not_required"

    def concerns(self, regime, world):
        """Tell whether a body of law beside the Act concerns this organisation; the Act and its kin say so themselves."""
        plain = self.regimes[regime]
        return not plain["beside"] or self.holds(plain["applies"], world, regime)

    def holds(self, written, world, regime):
        """Tell whether a condition, as its file writes it, holds in ``world``."""
        match written:
            case {"all": parts}:
                return all(self.holds(part, world, regime) for part in parts)
            case {"any": parts}:
                return any(self.holds(part, world, regime) for part in parts)
            case {"not": part}:
                return not self.holds(part, world, regime)
            case {"rule": name}:
                return self.rule(name if "." in name else f"{regime}.{name}", world)
        return self._leaf_holds(written, world[written["fact"]])

    def _leaf_holds(self, written, value):
        match written:
            case {"fact": _, "is": values}:
                return self._among(value, values)
            case {"fact": fact, "group": group}:
                return self._among(value, self._group(fact, group))
            case {"fact": fact, "lists": values}:
                return self._among(value, self._group(fact, values) if isinstance(values, str) else values)
            case {"fact": _, "may_exceed": bound}:
                return value.high is None or value.high > int(bound)
        raise AssertionError(written)

    def _group(self, fact, group):
        return [value for value, groups in self.groups[fact] if group in groups]

    @staticmethod
    def _among(value, values):
        return value in values if isinstance(value, str) else not set(value).isdisjoint(values)
