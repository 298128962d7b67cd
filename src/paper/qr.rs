//! Addresses as QR codes.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::ser::{Error, SerializeStruct};
use serde::{Deserialize, Serialize, Serializer};

/// An address that a paper shows as a QR code. In data for a template it is `{address, svg}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Qr(pub String);

impl Serialize for Qr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A quarter of the code may be dirty or torn: it is read from paper for years.
        let code = QrCode::with_error_correction_level(self.0.as_bytes(), EcLevel::Q).map_err(S::Error::custom)?;
        let svg = code.render::<svg::Color<'_>>().quiet_zone(false).module_dimensions(1, 1).build();
        let mut fields = serializer.serialize_struct("Qr", 2)?;
        fields.serialize_field("address", &self.0)?;
        fields.serialize_field("svg", &svg)?;
        fields.end()
    }
}
