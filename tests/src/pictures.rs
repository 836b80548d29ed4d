//! A picture as a telephone makes it, with more in it than pixels.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What the camera wrote beside the pixels, and nobody else may read.
pub const SECRET_OF_THE_CAMERA: &str = "50.0412N 3.1234E Ana's telephone";

/// A PNG of 32 × 24 pixels (a gradient, made for this file) that says the secret in `eXIf`, `tEXt` and XMP.
const PICTURE: &str = "\
    iVBORw0KGgoAAAANSUhEUgAAACAAAAAYCAIAAAAUMWhjAAAAO2VYSWZJSSoACAAAAAEADgECACEAAAAaAAAAAAAAADUwLjA0MTJO\
    IDMuMTIzNEUgQW5hJ3MgdGVsZXBob25lAKW86bEAAAAodEVYdENvbW1lbnQANTAuMDQxMk4gMy4xMjM0RSBBbmEncyB0ZWxlcGhv\
    bmUtk580AAAANmlUWHRYTUw6Y29tLmFkb2JlLnhtcAAAAAAANTAuMDQxMk4gMy4xMjM0RSBBbmEncyB0ZWxlcGhvbmU5AuiSAAAH\
    3ElEQVR42hWV/8vd1AHGj7PWGOvbtKY1as1ifaln9a1ksdSoYY21huA3jvLqYnQz0ygpvAvBr0dx5RKqvbhAM9zCtYocS4UYYQsu\
    SqYYgko5w6LXsB/uWISIEi/CJLiBF6lz9h94fnh4ns8HAAAYADgABAAkACAAMgAqADoAJgAIAAsABwAPgAAADMAIgDEAMQATAAgA\
    KQA5ACUANQAUgCkAMwA6AOYADAAsfkwHLGDYMzj2JwJ7psSug+xZMrteZc/WWcZkz0Esa7HnOuwGjz0vYJcwu3HEcmN2U8xunrDn\
    E5ZP2S05u7VkL6hZgbIXTtmLZuzFHbttzl4ysOKC/SkAPGD4n3D8OoFfL/EM5FmZ36DySzrPmfxmxPMWv9XhBY+/KOC3YV4c8dKY\
    3x7zyxN+B+Fhyu/M+ZWSv7LmZcorU373jN/T8eqcv3bgtQX/CwBEwIhncuJ6QTxHEjdAcaMsblbFLboomOLFSBQt8VJHXPbEywNx\
    JxZ3jUR5LF4Vi3sm4jVE1FJxby7uK8Uba9Gk4s1T8baZeHsnrs7FXw6ivRB/dbp1Bq7jICPADRLkIORlKKhwmw4lEy4jCC244kDZ\
    g7sDqGKojaA+hvtjaE7gLQSiFK7m0CrhvTV0KHSn0JvBtQ4Gc/joAPECPg2AAhjlLE5hBWWjpPBQuVBWRFW5TFegqexCimIpVzuK\
    5inXB4qBlZtHChord8aKPVHuI4qbKgdyxS+VR2oFU+V3UyWcKYc7JZorfxiUZKG8CIAGGG09p20QtM2SJkBNlLVlVdupa7Kp7UGa\
    Zmn7HM30tNsCbRVr9khzxtpDsbY20R4mGk61g7l2qNSeq7WYaslUe2mmHeu0dK79edCKhfY2AAZgjLM5Y0kwtkjGNmhcJhs7VePn\
    uqGaxl5kGJZxq2OsesY9gXE/Ng6MjGBsPBEbByfGM8SIUuP53DhaGq/URkqNv0yNt2bGu53xwdz4cDCahfHP01NnEMMhTkCChCSI\
    oIxkFak60k1kIoQsZDnI8ZAXoAAjPEKjMRrHKJ6gCUEkRWmO8hKVNaopolM0naFZh7o5mg9oWKAfn2ADxj6HszcL9sWSvQztXbK9\
    R7X36rZp2rcj27bsBxx7zbMfC+yD2D48suOx/UJsH5vYrxO7SO13c/tEaX9c2zNqfza1v5rZ/+nsU3P7rMFeWtgXAOACxmU5lxdc\
    UXIhdBXZ1VTX0F1kujZyXcv1HRd7bhi4EXaTkUvGbha7xcStiEtTt8ndtnT72h2o+93UXTdzlzpXmLvbB3dl4e4BwAeMfy7nbxX8\
    SyV/BfpXy/4+1b9V9y3TfwD5vuU/6fiHPP9I4B/F/qsjPx/778T+iYn/CfHb1P8y978p/e9rn6H++VNfnPk/6/zdc3/v4N+08O88\
    zRcGb+CwIOBlCcsQazI2VbyqY8fEawhjCx9ycOzhlwKcYlyMcD3GJ2M8m+AvCB5SfCrHTIn5GksUr0yxOsP7O4zm+N4Bewv8KAAh\
    YMLzuPAiIbxcCnfD8Ho5vE0N79FDzwwfQ2FohUec8CUvfC0I38Lh+6NwOg4/jcOvJuG3JFyXhpvyUCzDK+pQpeGN0/COWXhfF67N\
    wyeH8NlF+DwAEWCiJS7aJkQ7pUiFkSFHq2p0vx4FZnQQRZEVHXWi1IveCqIPcNSMom4cfR1HpyYRSyIhjXbk0e4y2ldHiEa/nkZr\
    s+ipLhrPo2SIji+iNwBIAJNs5BJRSHZJiQaTm+XEVpMDeoLN5DBKEit51UkKL3k/SBqcfDZKhnHyQ5wsTZJLSLKSJtflyU1lcned\
    eDR5Ypo8O0v+1CXH58lfh+S9RfLJaagzhOOIJBBZIjokSCaOSgKdjEwSI0Iskjuk9sg0IB0mw4iAMeFiIk2ITIieEpQTpyRBTUaU\
    xFNCZiTvSD0n04F0C/KjFDLAZJu4bLuQXSVl+2F2p5w9pGZP6NnYzF5AWWZl7zjZSS/7NMi+xtkPo4wbZ5fGmTLJbiDZapo9mGeP\
    l9nhOpvQ7LVp9vYs+7DL2nn27yH73yLbCEABmGIzVywLxR6pMGFhy8WaWhzUi9gsjqGisIoTTjHziq+C4hQulkaFNC6UuNg/Ke4i\
    hZcWT+VFVBYv10VOi/emxT9mRd8Vi3nBDsW2RXElABVgqvO5aodQXSNVt8DqPrl6WK2e0auJWb2OqsqqPnGqL7zq26BicXXJqJLH\
    1Q1xddekOkCqp9PqSF4dK6s364rS6l/T6utZdUZX8fPq8qG6dlHdetqkDOU5CgWqSRRB6soUqzTSKTFpgSi1aOvQwaPrAipgujKi\
    +piuxtSb0KcJjVN6PKdlSU/WtKP0v1PKzOi2jspzun+g1oKuAdAAptnCNTuFZq/UrMLmgNwcVJvn9SY1m3dR01jNl05zyms2Bc0O\
    3Fw3atC4eTBunpo0R0hzPG3+ljcflc3ndbOgzXnTZvusubprbpk3vxmaxxfN7wFoAdNu5doVod0ntRZsfbk9pLZH9TY32xOoba32\
    G6dlvFYM2t24vWnUOuP28biNJu0x0pZp+1HeflG239UtR9sd01abtXd0rTdvDw7tHxdtBkAPmP4Crr9S6G+U+nth/4jcP6f2r+h9\
    afYfo763+u+dnvf6K4J+H+7vHvXBuD8c9y9P+jdJfzLtP8/778p+U91D2u+d9nfN+t92/aF5/+LQv7Ho//5/VF3p7lkthFQAAAAA\
    SUVORK5CYII=";

/// A picture with [`SECRET_OF_THE_CAMERA`] beside its pixels.
///
/// # Panics
/// When the secret is not in it, since nothing would be shown by its absence elsewhere.
#[must_use]
pub fn camera_picture() -> Vec<u8> {
    let bytes = STANDARD.decode(PICTURE).expect("base64");
    assert!(tells(&bytes), "the picture has no secret to lose");
    bytes
}

/// Whether the camera's secret is in a file.
#[must_use]
pub fn tells(file: &[u8]) -> bool {
    file.windows(SECRET_OF_THE_CAMERA.len()).any(|w| w == SECRET_OF_THE_CAMERA.as_bytes())
}
