//! The paper's pictures.

/// A picture, 640 by 360.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// Its file's name.
    pub(super) name: &'static str,
    /// What it shows, for people who do not see it.
    pub(super) alt: &'static str,
    /// The file.
    pub(super) png: &'static [u8],
}

impl Picture {
    /// The picture with that file name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        [&BOARD, &CAT, &CLOG, &FOG, &GEESE, &HERON, &LOAF, &MILL, &PLUMS, &WEATHERCOCK]
            .into_iter()
            .find(|picture| picture.name == name)
    }
}

pub(super) static BOARD: Picture = Picture {
    name: "board.png",
    alt: "A notice board under a small roof, full of notes; one of them says Lost, above a clog",
    png: include_bytes!("../../../../assets/demo/images/board.png"),
};
pub(super) static CAT: Picture = Picture {
    name: "cat.png",
    alt: "A grey cat with a rosette lies on a sack of flour",
    png: include_bytes!("../../../../assets/demo/images/cat.png"),
};
pub(super) static CLOG: Picture = Picture {
    name: "clog.png",
    alt: "A wooden clog drifts on the stream with a frog in it",
    png: include_bytes!("../../../../assets/demo/images/clog.png"),
};
pub(super) static FOG: Picture = Picture {
    name: "fog.png",
    alt: "Four players of a brass band, up to their waists in fog",
    png: include_bytes!("../../../../assets/demo/images/fog.png"),
};
pub(super) static GEESE: Picture = Picture {
    name: "geese.png",
    alt: "Four geese walk down the lane; the first one wears a hat",
    png: include_bytes!("../../../../assets/demo/images/geese.png"),
};
pub(super) static HERON: Picture = Picture {
    name: "heron.png",
    alt: "A heron with a clipboard stands in the shallows",
    png: include_bytes!("../../../../assets/demo/images/heron.png"),
};
pub(super) static LOAF: Picture = Picture {
    name: "loaf.png",
    alt: "A baker behind an enormous loaf",
    png: include_bytes!("../../../../assets/demo/images/loaf.png"),
};
pub(super) static MILL: Picture = Picture {
    name: "mill.png",
    alt: "The mill at Nether Sallow with its water wheel",
    png: include_bytes!("../../../../assets/demo/images/mill.png"),
};
pub(super) static PLUMS: Picture = Picture {
    name: "plums.png",
    alt: "A bowl of plums beside an old book with a slip: due back 3 May 1961",
    png: include_bytes!("../../../../assets/demo/images/plums.png"),
};
pub(super) static WEATHERCOCK: Picture = Picture {
    name: "weathercock.png",
    alt: "A weathercock on a roof, pointing west",
    png: include_bytes!("../../../../assets/demo/images/weathercock.png"),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_found_by_its_name_and_is_a_small_png() {
        for picture in [&BOARD, &CAT, &CLOG, &FOG, &GEESE, &HERON, &LOAF, &MILL, &PLUMS, &WEATHERCOCK] {
            assert_eq!(Picture::named(picture.name), Some(picture));
            assert!(picture.png.starts_with(b"\x89PNG\r\n"), "{}", picture.name);
            assert!(picture.png.len() < 40_000, "{}", picture.name);
        }
        assert_eq!(Picture::named("none.png"), None);
    }
}
