//! Three published examples, each with what an independent implementation says of it.

use crate::scoring::rules::agreement::ordinal_alpha;

/// Rows are observers, columns are units; `.` is a missing value.
fn units(rows: &[&str]) -> Vec<Vec<i64>> {
    let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.split_whitespace().collect()).collect();
    (0..rows[0].len()).map(|u| rows.iter().filter_map(|r| r[u].parse().ok()).collect()).collect()
}

#[test]
fn alpha_agrees_with_an_independent_implementation_on_three_published_examples() {
    for (name, rows, expected) in [
        // K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example C: ordinal 0.815.
        (
            "four observers, missing values",
            vec![
                "1 2 3 3 2 1 4 1 2 . . .",
                "1 2 3 3 2 2 4 1 2 5 . 3",
                ". 3 3 3 2 3 4 2 2 5 1 .",
                "1 2 3 3 2 4 4 1 2 5 1 .",
            ],
            0.815_387_503_754_881_4,
        ),
        // The same paper, example B: two observers, five categories, nominal 0.692.
        (
            "two observers, all values there",
            vec!["1 1 2 2 4 3 3 3 5 4 4 1", "2 1 2 2 2 3 3 3 5 4 4 4"],
            0.598_061_660_561_660_5,
        ),
        // "Krippendorff's alpha", Wikipedia, the example computed there: nominal 0.691, interval 0.811.
        (
            "three observers, many values missing",
            vec![". . . . . 3 4 1 2 1 1 3 3 . 3", "1 . 2 1 3 3 4 3 . . . . . . .", ". . 2 1 3 4 4 . 2 1 1 3 3 . 4"],
            0.806_721_419_941_315_3,
        ),
    ] {
        let found = ordinal_alpha(&units(&rows)).unwrap();
        assert!((found - expected).abs() < 1e-12, "{name}: {found}");
    }
}

#[test]
fn alpha_says_nothing_where_nothing_can_be_said() {
    assert_eq!(ordinal_alpha(&[]), None);
    assert_eq!(ordinal_alpha(&[vec![1], vec![2]]), None, "nobody valued what another did");
    assert_eq!(ordinal_alpha(&[vec![3, 3], vec![3, 3]]), None, "one value throughout");
    assert_eq!(ordinal_alpha(&[vec![1, 1], vec![4, 4]]), Some(1.0));
    assert!(ordinal_alpha(&[vec![1, 4], vec![4, 1]]).unwrap() < 0.0);
}
