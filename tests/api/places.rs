//! Units by code and day, by folded words, as a tree; what an office reaches.

use ocop::actor::Caller;
use ocop::app::{ReferenceScope, load_reference};
use ocop::places::{self, Level};

use crate::world::World;

#[actix_web::test]
async fn reference_data_loaded_twice_changes_nothing() {
    let world = World::new().await;
    let mut first = Vec::new();
    load_reference(world.db(), ReferenceScope::Sample, &mut |what, done, all| first.push((what.to_owned(), done, all))).unwrap();
    let places = world.db().read_now(&Caller::system("test"), |cx| places::at(cx, "84", Level::Province, cx.today())).unwrap();
    assert!(places.is_none(), "84 ended on 30 June 2025");
    eprintln!("{first:?}");
}
