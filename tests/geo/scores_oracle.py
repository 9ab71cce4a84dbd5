"""Accessibility scores by plain dictionaries and loops, from the papers' sentences."""

import math


def catchment_scores(travel, persons, capacity, weight, limit=math.inf, choice=False):
    """2SFCA and E2SFCA, and with `choice` 3SFCA whose choice is among the ways within the limit."""
    ways = {
        (i, j): weight(t)
        for i, row in enumerate(travel)
        for j, t in enumerate(row)
        if t <= limit and math.isfinite(t) and weight(t) > 0
    }
    if choice:
        total = {i: sum(w for (a, _), w in ways.items() if a == i) for i, _ in ways}
        ways = {(i, j): w * w / total[i] for (i, j), w in ways.items()}
    demand = dict.fromkeys(range(len(capacity)), 0.0)
    for (i, j), w in ways.items():
        demand[j] += w * persons[i]
    scores = [0.0] * len(persons)
    for (i, j), w in ways.items():
        if capacity[j]:
            scores[i] += w * (capacity[j] / demand[j] if demand[j] else math.inf)
    return [
        math.nan if all(math.isnan(t) for t in row) else score
        for row, score in zip(travel, scores, strict=True)
    ]


def raam_costs(travel, persons, capacity, tau=60.0, cycles=150, guarded=20):
    """The rational agents, one area after the other."""
    rho = sum(persons) / sum(capacity)
    cost = {}
    ways = reachable(travel, persons, capacity, tau, cost)
    supply = {j: s * rho for j, s in enumerate(capacity) if s > 0}
    use = {i: dict.fromkeys(open_, 0) for i, open_ in ways.items()}
    for i, open_ in ways.items():
        use[i][min(open_, key=lambda j: (open_[j], j))] = persons[i]
    for cycle in range(cycles):
        users = {j: sum(u.get(j, 0) for u in use.values()) for j in supply}
        total = {
            i: {j: users[j] / supply[j] + t for j, t in open_.items()} for i, open_ in ways.items()
        }
        share = max(0.2 * 0.5 ** (cycle / 50), 0.005)
        moves = {}
        for i, prices in total.items():
            best, worst, moved = move(prices, use[i], ways[i], supply, users)
            if best != worst:
                moves[i] = (best, worst, int(min(moved, share * persons[i])))
        if cycle < guarded:
            rush = {j: sum(k for b, _, k in moves.values() if b == j) / supply[j] for j in supply}
            moves = {i: (b, w, round(k / max(rush[b], 1))) for i, (b, w, k) in moves.items()}
        for i, (best, worst, moved) in moves.items():
            use[i][best] += moved
            use[i][worst] -= moved
    for i, prices in total.items():
        cost[i] = sum(prices[j] * use[i][j] for j in prices) / persons[i]
    return [cost[i] for i in range(len(persons))]


def move(prices, mine, ways, supply, users):
    """From where to where the people of an area move, and how many would even out the costs."""
    best = min(prices, key=lambda j: (prices[j], j))
    worst = min((j for j in prices if mine[j]), key=lambda j: (-prices[j], j))
    a, b = supply[best], supply[worst]
    both = mine[best] + mine[worst]
    even = ((a * b) / (a + b)) * (
        (ways[worst] - ways[best])
        + (both + (users[worst] - mine[worst])) / b
        - (users[best] - mine[best]) / a
    )
    return best, worst, min(even - mine[best], mine[worst])


def reachable(travel, persons, capacity, tau, cost):
    """Ways of every area that has people and a site; `cost` says of the others why not."""
    ways = {}
    for i, row in enumerate(travel):
        open_ = {j: t / tau for j, t in enumerate(row) if math.isfinite(t) and capacity[j] > 0}
        cost[i] = math.inf
        if persons[i] == 0 or all(math.isnan(t) for t in row):
            cost[i] = math.nan
        elif open_:
            ways[i] = open_
    return ways
