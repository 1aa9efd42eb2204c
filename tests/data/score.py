"""A scorer with the doors of the real one, which lies beside the gold files: positions are found if evidence overlaps."""


def none(position):
    return position["stance"] in (None, "none")


def same_holder(one, other):
    return (one or "").casefold() == (other or "").casefold()


def pairs(predicted, gold):
    left = list(predicted)
    for g in gold:
        for p in left:
            if any(b < e2 and b2 < e for b, e in p["evidence"] for b2, e2 in g["evidence"]):
                left.remove(p)
                yield p, g
                break


def f1(right, predicted, gold):
    return {"f1": round(2 * right / (predicted + gold), 4) if predicted + gold else 0.0, "n_pred": predicted, "n_gold": gold}


def positions(predicted, gold):
    found = {row["id"]: row["positions"] for row in predicted}
    sides = [([p for p in found[g["id"]] if not none(p)], [p for p in g["positions"] if not none(p)]) for g in gold]
    paired = [pair for side in sides for pair in pairs(*side)]
    return {
        "found": f1(len(paired), sum(len(p) for p, _ in sides), sum(len(g) for _, g in sides)),
        "of those found": {"holder": sum(same_holder(p["holder"], g["holder"]) for p, g in paired) / max(1, len(paired))},
    }


def attribution(predicted, gold):
    found = {row["id"]: row["positions"] for row in predicted}
    scored = {}
    for role in ("source", "cue", "content"):
        ours = {(g["id"], *s) for g in gold for p in found[g["id"]] for s in p["evidence" if role == "content" else role]}
        theirs = {(g["id"], *s) for g in gold for a in g["attributions"] for s in a[role]}
        scored[role] = f1(len(ours & theirs), len(ours), len(theirs))
    return {"exact": scored, "overlap (characters)": scored}
