//! `ocop template`: what ships, what an office puts in its place, and whether that can be set.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use ocop::app;
use ocop::config::Config;
use ocop::paper::Press;
use ocop::paper::templates::{SHARED, Template, export, try_out};
use serde_json::json;

use super::print;

/// What to do with templates.
#[derive(Subcommand)]
pub enum TemplateCommand {
    /// The templates that ship, and which of them the office has replaced.
    List,
    /// Write the templates that ship, and data to try them out with, into a folder; nothing is overwritten.
    Export {
        /// The folder.
        dir: PathBuf,
    },
    /// Set every template with long and short data; say which fails and where.
    Check {
        /// The folder with the office's own; that of OCOP_TEMPLATES when not given.
        dir: Option<PathBuf>,
        /// Keep the papers in this folder, to look at them.
        #[arg(long)]
        keep: Option<PathBuf>,
    },
}

/// Does it.
///
/// # Errors
/// When a folder cannot be read or written.
pub fn run(json: bool, config: &Config, command: &TemplateCommand) -> anyhow::Result<ExitCode> {
    match command {
        TemplateCommand::List => list(json, config),
        TemplateCommand::Export { dir } => {
            let (written, stayed) = export(&app::templates(), dir).with_context(|| dir.display().to_string())?;
            print(json, &json!({ "written": written, "stayed": stayed }), || {
                let lines = written.iter().map(|p| format!("written  {}", p.display()));
                let kept = stayed.iter().map(|p| format!("was there, left as it is  {}", p.display()));
                lines.chain(kept).collect::<Vec<_>>().join("\n")
            })?;
            Ok(ExitCode::SUCCESS)
        }
        TemplateCommand::Check { dir, keep } => {
            check(json, dir.clone().or_else(|| config.templates.clone()), keep.clone())
        }
    }
}

fn list(json: bool, config: &Config) -> anyhow::Result<ExitCode> {
    let own = |t: &Template| config.templates.as_ref().is_some_and(|folder| folder.join(t.name).is_file());
    let all: Vec<&Template> = app::templates().into_iter().chain([&SHARED]).collect();
    let rows: Vec<_> = all.iter().map(|t| json!({"name": t.name, "about": t.label(), "replaced": own(t)})).collect();
    print(json, &rows, || {
        let line = |t: &&Template| {
            format!("{:22} {}{}", t.name, t.label().en, if own(t) { "  (the office's own)" } else { "" })
        };
        all.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

fn check(json: bool, folder: Option<PathBuf>, keep: Option<PathBuf>) -> anyhow::Result<ExitCode> {
    if let Some(folder) = folder.as_ref().filter(|f| !f.is_dir()) {
        anyhow::bail!("{}: there is no such folder", folder.display());
    }
    if let Some(keep) = &keep {
        std::fs::create_dir_all(keep).with_context(|| keep.display().to_string())?;
    }
    let press = Press::with_folder(folder, app::templates());
    let mut lost = None;
    let tried = try_out(&press, |tried, bytes| {
        let (Some(keep), Some(bytes)) = (&keep, bytes) else { return };
        let name = format!("{}.{}.pdf", tried.template.trim_end_matches(".typ"), tried.sample);
        lost = lost.take().or(std::fs::write(keep.join(name), bytes).err());
    });
    if let Some(e) = lost {
        return Err(e).context("the papers could not be kept");
    }
    let good = tried.iter().all(|t| t.fault.is_none());
    print(json, &tried, || {
        let line = |t: &ocop::paper::templates::Tried| match &t.fault {
            None => format!("good    {} ({}), {} bytes", t.template, t.sample, t.bytes),
            Some(fault) => {
                format!("BROKEN  {} ({})\n        {}", t.template, t.sample, fault.replace('\n', "\n        "))
            }
        };
        tried.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
