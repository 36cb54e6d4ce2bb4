//! A report drawn as bars.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use super::report::Report;

const WIDTH: u32 = 900;
const ROW: u32 = 18;
const HEAD: u32 = 60;
const LEFT: i32 = 110;
const RIGHT: i32 = 30;
/// The ratios at the left and the right edge; between them the scale is logarithmic.
const RANGE: (f64, f64) = (0.125, 8.0);

/// An SVG picture: a bar for each kernel of the first build, tine's CPU time relative to the peer's, on a logarithmic scale.
///
/// # Errors
/// The drawing library's.
pub fn svg(report: &Report) -> Result<String> {
    let build = report.builds().first().copied().unwrap_or_default().to_owned();
    let mut rows: Vec<(&str, f64)> =
        report.of(&build).map(|k| (k.name.as_str(), k.entries[0].ratio)).collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mean = report.geometric_means(&build).first().map_or(1.0, |(_, mean)| *mean);
    rows.push(("all", mean));
    let mut picture = String::new();
    let height = HEAD + ROW * rows.len() as u32 + 10;
    draw(&mut picture, &rows, &report.peer, &build, height)
        .map_err(|error| anyhow!("cannot draw: {error}"))?;
    Ok(picture)
}

fn draw(
    picture: &mut String,
    rows: &[(&str, f64)],
    peer: &str,
    build: &str,
    height: u32,
) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(picture, (WIDTH, height)).into_drawing_area();
    area.fill(&WHITE)?;
    let font = ("sans-serif", 12).into_font();
    let title = format!("CPU time relative to {peer}, {build}; shorter is faster");
    area.draw(&Text::new(title, (10, 10), ("sans-serif", 14).into_font()))?;
    for (mark, label) in
        [(0.125, "1/8"), (0.25, "1/4"), (0.5, "1/2"), (1.0, "1"), (2.0, "2"), (4.0, "4"), (8.0, "8")]
    {
        let x = place(mark);
        let style = if mark == 1.0 { BLACK.stroke_width(2) } else { RGBColor(210, 210, 210).stroke_width(1) };
        area.draw(&PathElement::new(vec![(x, HEAD as i32 - 8), (x, height as i32 - 10)], style))?;
        area.draw(&Text::new(label, (x - 6, HEAD as i32 - 24), font.clone()))?;
    }
    for (n, (name, ratio)) in rows.iter().enumerate() {
        let top = (HEAD + ROW * n as u32) as i32;
        let colour = if *ratio <= 1.0 { RGBColor(46, 125, 80) } else { RGBColor(70, 100, 160) };
        let (from, to) = (place(ratio.min(1.0)), place(ratio.max(1.0)));
        area.draw(&Rectangle::new([(from, top + 2), (to, top + ROW as i32 - 3)], colour.filled()))?;
        area.draw(&Text::new(format!("{name} {ratio:.2}"), (10, top + 3), font.clone()))?;
    }
    area.present()?;
    Ok(())
}

fn place(ratio: f64) -> i32 {
    let (low, high) = RANGE;
    let part = (ratio.clamp(low, high) / low).ln() / (high / low).ln();
    LEFT + (part * f64::from(WIDTH as i32 - LEFT - RIGHT)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_has_its_bar() {
        let picture = svg(&super::super::report::sample()).unwrap();
        assert!(picture.starts_with("<svg"), "{picture}");
        for text in ["one 2.00", "two 8.00", "all 4.00", "relative to peer"] {
            assert!(picture.contains(text), "{text} is missing:\n{picture}");
        }
    }

    #[test]
    fn the_scale_is_logarithmic_and_bounded() {
        let octaves = [place(4.0) - place(2.0), place(2.0) - place(1.0)];
        assert!(octaves[0].abs_diff(octaves[1]) <= 1, "{octaves:?}");
        assert_eq!(place(100.0), place(8.0));
    }
}
