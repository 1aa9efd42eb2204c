"""What follows from positions, in SQL: sides, steps and shifts.

A side is what somebody's positions on an outcome amount to, a step what they amount to at one time, and a shift a step of
another stance than the one before. All are asked of a table `chosen` with the columns who, outcome, stance, side, first_day,
last_day and earlier.
"""

# One row for each actor and outcome: 1 for support on balance, -1 for opposition, 0 for neither, NULL where undecided.
SIDES = """
SELECT who, outcome, count(*)::INTEGER AS positions, sign(sum(side))::TINYINT AS side FROM chosen GROUP BY who, outcome
"""

# One row for each time at which somebody took a position on an outcome. Where positions of one time differ, the stance is
# mixed; one that is undecided does not count beside others.
STEPS = """
SELECT who, outcome, first_day, last_day, earlier,
       CASE WHEN min(side) IS NULL THEN 'undecided' WHEN min(side) = max(side) THEN min(side) ELSE 'mixed' END AS stance
FROM (SELECT who, outcome, first_day, last_day, earlier, nullif(stance, 'undecided') AS side FROM chosen)
GROUP BY who, outcome, first_day, last_day, earlier
"""

# One row for each dated step whose stance is not that of the dated step before it.
SHIFTS = f"""
SELECT * FROM (
    SELECT who, outcome, first_day, last_day, earlier, stance,
           lag(first_day) OVER history AS first_day_before, lag(last_day) OVER history AS last_day_before,
           lag(earlier) OVER history AS earlier_before, lag(stance) OVER history AS stance_before
    FROM ({STEPS}) WHERE first_day NOTNULL
    WINDOW history AS (PARTITION BY who, outcome ORDER BY first_day, last_day, earlier DESC)
) WHERE stance <> stance_before
"""
