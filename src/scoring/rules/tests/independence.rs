//! The table of independence, read from the side.

use super::*;
use crate::scoring::rules::independence::{Matter, Phase, TABLE, Viewer, may_see, sheets_seen};

fn usual() -> Regulation {
    Regulation::default()
}

#[test]
fn every_viewer_has_a_cell_for_every_phase() {
    for viewer in Viewer::ALL {
        let rows: Vec<_> = TABLE.iter().filter(|(v, _)| v == viewer).collect();
        assert_eq!(rows.len(), 1, "{viewer}");
        let phases: Vec<Phase> = rows[0].1.iter().map(|(p, _)| *p).collect();
        assert_eq!(phases, Phase::ALL, "{viewer}");
    }
}

#[test]
fn nobody_sees_another_sheet_or_what_is_made_of_it_while_it_can_change() {
    let open = Regulation { disclose_mean_to_members: true, ..usual() };
    for viewer in Viewer::ALL {
        for phase in [Phase::Waiting, Phase::Marking, Phase::Submitted] {
            let own = *viewer == Viewer::Holder;
            for matter in [Matter::Sheet, Matter::Result, Matter::Minutes, Matter::Figures, Matter::Drafts] {
                assert!(own || !may_see(*viewer, phase, matter, &open), "{viewer} {phase} {matter}");
            }
            assert!(!may_see(*viewer, phase, Matter::OpenMean, &usual()), "{viewer} {phase}");
        }
    }
    // Who has submitted is for whoever leads, and drafts are for whoever wrote them.
    for viewer in Viewer::ALL {
        for phase in Phase::ALL {
            let leads = matches!(viewer, Viewer::Presiding | Viewer::Secretary);
            assert_eq!(may_see(*viewer, *phase, Matter::Progress, &open), leads, "{viewer} {phase}");
            let wrote = *viewer == Viewer::Holder && *phase != Phase::Waiting;
            assert_eq!(may_see(*viewer, *phase, Matter::Drafts, &open), wrote, "{viewer} {phase}");
        }
    }
}

#[test]
fn the_query_reads_the_same_table() {
    use crate::scoring::rules::regulation::Visibility;
    let settled = vec![TableState::Closed, TableState::Concluded, TableState::ToMeeting];
    for viewer in [Viewer::Fellow, Viewer::Presiding, Viewer::Secretary, Viewer::Official] {
        assert_eq!(sheets_seen(viewer, &usual()), (settled.clone(), true), "{viewer}");
    }
    assert_eq!(sheets_seen(Viewer::Outsider, &usual()), (Vec::new(), false));
    let closed = Regulation { visibility: Visibility::Never, ..usual() };
    assert_eq!(sheets_seen(Viewer::Fellow, &closed), (Vec::new(), false));
    assert_eq!(sheets_seen(Viewer::Presiding, &closed), (settled, true));
    assert_eq!(Phase::of(TableState::Postponed, false, true, true), None);
}
