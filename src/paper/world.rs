//! What a template can see: itself, its folder, the data, the fonts. No clock, no network, no package.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

use super::fonts::Fonts;
use super::templates::{self, Template};
use crate::error::{AppError, Result};

/// Where the data lie.
const DATA: &str = "data.json";
/// The largest file of an office's folder, in bytes.
const LARGEST: u64 = 8 * 1024 * 1024;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The table at which one paper is set.
pub(super) struct Table<'a> {
    folder: Option<&'a Path>,
    templates: &'a [&'static Template],
    fonts: &'a Fonts,
    main: FileId,
    data: Bytes,
}

impl<'a> Table<'a> {
    pub fn new(
        folder: Option<&'a Path>,
        templates: &'a [&'static Template],
        fonts: &'a Fonts,
        main: &str,
        data: &Value,
    ) -> Result<Self> {
        let path = VirtualPath::new(main).map_err(|_| AppError::internal("a template's name is no path"))?;
        let main = RootedPath::new(VirtualRoot::Project, path).intern();
        Ok(Self { folder, templates, fonts, main, data: Bytes::from_string(data.to_string()) })
    }

    /// A file by its name below the root; nothing outside of it has a name here.
    fn read(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        if *path.root() != VirtualRoot::Project {
            return Err(FileError::AccessDenied);
        }
        let name = path.vpath().get_without_slash();
        if name == DATA {
            return Ok(self.data.clone());
        }
        if name.ends_with(".typ") && !name.contains('/') {
            let text = templates::text(self.folder, self.templates, name);
            return text.map(Bytes::from_string).map_err(|e| FileError::Other(Some(e.to_string().into())));
        }
        self.own(name)
    }

    /// A file of the office's folder: an emblem, a picture.
    fn own(&self, name: &str) -> FileResult<Bytes> {
        let missing = || FileError::NotFound(name.into());
        let folder = self.folder.ok_or_else(missing)?.canonicalize().map_err(|_| missing())?;
        let path = folder.join(name).canonicalize().map_err(|_| missing())?;
        if !path.starts_with(&folder) {
            return Err(FileError::AccessDenied);
        }
        let size = std::fs::metadata(&path).map_err(|e| FileError::from_io(e, Path::new(name)))?.len();
        if size > LARGEST {
            return Err(FileError::Other(Some(format!("larger than {LARGEST} bytes").into())));
        }
        std::fs::read(&path).map(Bytes::new).map_err(|e| FileError::from_io(e, Path::new(name)))
    }

    /// Faults as lines of `file:line:column: what`, the hints below.
    pub fn explain(&self, faults: &[SourceDiagnostic]) -> String {
        let lines: Vec<String> = faults.iter().take(5).map(|fault| self.explain_one(fault)).collect();
        lines.join("\n")
    }

    fn explain_one(&self, fault: &SourceDiagnostic) -> String {
        let own = fault.span.id().and_then(|id| Some((id, self.range(fault.span)?.start)));
        let calls = || fault.trace.iter().find_map(|t| Some((t.span.id()?, self.range(t.span)?.start)));
        let at = own.or_else(calls).map(|(id, byte)| {
            let name = id.get().vpath().get_without_slash().to_owned();
            let source = self.source(id).ok();
            match source.and_then(|s| s.lines().byte_to_line_column(byte)) {
                Some((line, column)) => format!("{name}:{}:{}", line + 1, column + 1),
                None => name,
            }
        });
        let at = at.unwrap_or_else(|| self.main.get().vpath().get_without_slash().to_owned());
        let hints: String = fault.hints.iter().map(|hint| format!(" ({})", hint.v)).collect();
        format!("{at}: {}{hints}", fault.message)
    }
}

impl World for Table<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let text = self.read(id)?;
        let text = text.as_str().map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.read(id)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.list.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
