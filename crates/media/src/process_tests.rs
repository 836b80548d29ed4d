//! Pictures that are what they say, pictures that lie and pictures that carry luggage; built by hand, so that
//! every byte of them is known. That the same happens inside the confined process is tested in `tests/worker.rs`.

use std::io::Write;

use gif::{DecodeOptions, Encoder as GifWriter, Frame as GifFrame, Repeat};
use image::{ExtendedColorType, ImageBuffer, ImageEncoder, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;
use crate::Kind;

/// Stands for a place, a name or a camera's serial number.
const SECRET: &[u8] = b"SECRET-48.8566N-2.3522E";

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Red in the upper left quarter, blue elsewhere: shows which way is up.
fn flag(width: u32, height: u32) -> RgbImage {
    ImageBuffer::from_fn(width, height, |x, y| {
        if x < width / 2 && y < height / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
    })
}

fn see_through(width: u32, height: u32) -> RgbaImage {
    ImageBuffer::from_fn(width, height, |x, y| Rgba([20, 200, 20, if (x + y) % 2 == 0 { 255 } else { 90 }]))
}

fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(flag(width, height), ImageFormat::Jpeg)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    file(flag(width, height), ImageFormat::Png)
}

/// TIFF as in EXIF: the orientation and a description, little endian.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    let length = u8::try_from(SECRET.len()).unwrap();
    tiff.extend_from_slice(&[0x0E, 0x01, 2, 0, length, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend_from_slice(&[0, 0, 0, 0]);
    tiff.extend_from_slice(SECRET);
    tiff
}

/// Puts a segment behind the first marker of a JPEG.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, content, &jpeg[2..]].concat()
}

fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    with_segment(jpeg, 0xE1, &[b"Exif\0\0", exif(orientation).as_slice()].concat())
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    (!crc).to_be_bytes()
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [kind, content].concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length, body.as_slice(), &checksum(&body)].concat()
}

/// Puts chunks behind the header of a PNG.
fn with_chunks(png: &[u8], chunks: &[Vec<u8>]) -> Vec<u8> {
    [&png[..33], &chunks.concat(), &png[33..]].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A WebP file with EXIF and XMP: the plain file's picture behind an extended header.
fn webp_with_metadata(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let plain = file(flag(width, height), ImageFormat::WebP);
    let part = |kind: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let padding = vec![0; content.len() % 2];
        [kind.as_slice(), &length, content, &padding].concat()
    };
    let wide = (width - 1).to_le_bytes();
    let high = (height - 1).to_le_bytes();
    let header = [&[0x08 | 0x04, 0, 0, 0], &wide[..3], &high[..3]].concat();
    let body = [
        b"WEBP".as_slice(),
        &part(b"VP8X", &header),
        &plain[12..],
        &part(b"EXIF", &exif(orientation)),
        &part(b"XMP ", SECRET),
    ]
    .concat();
    [b"RIFF".as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), &body].concat()
}

/// An animation of frames of one pixel on a canvas, with a comment.
fn gif(width: u16, height: u16, frames: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = GifWriter::new(&mut bytes, width, height, &[255, 0, 0, 0, 0, 255]).unwrap();
    writer.set_repeat(Repeat::Infinite).unwrap();
    writer.write_raw_extension(gif::Extension::Comment.into(), &[SECRET]).unwrap();
    for number in 0..frames {
        let size = if number == 0 { (width, height) } else { (1, 1) };
        let pixels = usize::from(size.0) * usize::from(size.1);
        writer
            .write_frame(&GifFrame {
                delay: 10 + number,
                width: size.0,
                height: size.1,
                buffer: vec![u8::try_from(number % 2).unwrap(); pixels].into(),
                ..GifFrame::default()
            })
            .unwrap();
    }
    drop(writer);
    bytes
}

/// Delays of the frames, and how often they repeat.
fn frames_of(gif: &[u8]) -> (Vec<u16>, Repeat) {
    let mut decoder = DecodeOptions::new().read_info(gif).unwrap();
    let mut delays = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        delays.push(frame.delay);
    }
    (delays, decoder.repeat())
}

fn decoded(encoded: &Encoded) -> DynamicImage {
    let format = ImageFormat::from_mime_type(encoded.file_type.mime()).unwrap();
    let picture = image::load_from_memory_with_format(&encoded.bytes, format).unwrap();
    assert_eq!((picture.width(), picture.height()), (encoded.width, encoded.height));
    picture
}

fn is_red(picture: &DynamicImage, x: u32, y: u32) -> bool {
    let pixel = picture.to_rgb8().get_pixel(x, y).0;
    pixel[0] > 150 && pixel[2] < 100
}

fn size(encoded: &Encoded) -> (u32, u32) {
    (encoded.width, encoded.height)
}

#[test]
fn an_attachment_keeps_its_shape_and_gets_a_thumbnail() {
    let made = process(&jpeg(1_280, 720), &Wanted::ATTACHMENT).unwrap();
    assert_eq!((made.original.file_type, size(&made.original)), (FileType::Jpeg, (1_280, 720)));
    let thumbnail = made.thumbnail.unwrap();
    assert_eq!((thumbnail.file_type, size(&thumbnail)), (FileType::Jpeg, (640, 360)));
    assert!(is_red(&decoded(&thumbnail), 10, 10));
    // 4 × 4 components: one character for their number, one for the scale, four for the mean, two for each other.
    assert_eq!(made.blurhash.len(), 2 + 4 + 15 * 2);
    assert_eq!(process(&jpeg(1_280, 720), &Wanted::ATTACHMENT).unwrap().blurhash, made.blurhash);
}

#[test]
fn a_large_picture_is_scaled_down_and_a_small_one_never_up() {
    let wanted = Wanted { max_pixels: 5_000, ..Wanted::ATTACHMENT };
    assert_eq!(size(&process(&png(400, 200), &wanted).unwrap().original), (100, 50));
    assert_eq!(size(&process(&png(1, 1), &Wanted::ATTACHMENT).unwrap().original), (1, 1));
    assert_eq!(size(&process(&png(40, 30), &Wanted::HEADER).unwrap().original), (40, 13));
}

#[test]
fn avatars_are_square_and_headers_wide() {
    let avatar = process(&jpeg(900, 600), &Wanted::AVATAR).unwrap();
    assert_eq!((size(&avatar.original), avatar.thumbnail), ((400, 400), None));
    let header = process(&jpeg(1_800, 1_800), &Wanted::HEADER).unwrap();
    assert_eq!(size(&header.original), (1_500, 500));
}

#[test]
fn pictures_that_cameras_turned_stand_upright() {
    // By orientation: the size, and where the red quarter is (a pixel near the middle of that quarter).
    let cases = [
        (1, (80, 40), (10, 5)),
        (3, (80, 40), (70, 35)),
        (6, (40, 80), (35, 10)),
        (8, (40, 80), (5, 70)),
        (2, (80, 40), (70, 5)),
    ];
    for (orientation, expected, red) in cases {
        for bytes in [with_exif(&jpeg(80, 40), orientation), webp_with_metadata(80, 40, orientation)] {
            let made = process(&bytes, &Wanted::ATTACHMENT).unwrap();
            assert_eq!(size(&made.original), expected, "orientation {orientation}");
            let picture = decoded(&made.original);
            assert!(is_red(&picture, red.0, red.1), "orientation {orientation}");
            assert!(!is_red(&picture, expected.0 - red.0, expected.1 - red.1), "orientation {orientation}");
        }
    }
    let header = process(&with_exif(&jpeg(300, 600), 6), &Wanted::HEADER).unwrap();
    assert_eq!(size(&header.original), (600, 200), "the shape is cut as it is seen");
}

#[test]
fn the_type_of_the_result_follows_from_the_picture() {
    let cases = [
        (file(flag(8, 8), ImageFormat::Png), Wanted::ATTACHMENT, FileType::Png),
        (file(flag(8, 8), ImageFormat::WebP), Wanted::ATTACHMENT, FileType::Jpeg),
        (file(see_through(8, 8), ImageFormat::WebP), Wanted::AVATAR, FileType::Webp),
        (file(see_through(8, 8), ImageFormat::Png), Wanted::HEADER, FileType::Png),
        (jpeg(8, 8), Wanted::EMOJI, FileType::Png),
        (gif(8, 8, 1), Wanted::ATTACHMENT, FileType::Png),
    ];
    for (bytes, wanted, expected) in cases {
        let made = process(&bytes, &wanted).unwrap();
        assert_eq!(made.original.file_type, expected, "{wanted:?}");
        assert_eq!(sniff::sniff(&made.original.bytes), Ok(expected));
        decoded(&made.original);
    }
}

#[test]
fn transparency_is_kept_and_rare_colours_become_common_ones() {
    let made = process(&file(see_through(64, 64), ImageFormat::Png), &Wanted::ATTACHMENT).unwrap();
    assert_eq!(decoded(&made.original).into_rgba8(), see_through(64, 64));
    assert_eq!(made.thumbnail.unwrap().file_type, FileType::Png);

    let opaque: RgbaImage = ImageBuffer::from_pixel(4, 4, Rgba([9, 8, 7, 255]));
    let made = process(&file(opaque, ImageFormat::Png), &Wanted::ATTACHMENT).unwrap();
    assert_eq!(decoded(&made.original).color(), image::ColorType::Rgb8);

    let deep: ImageBuffer<image::LumaA<u16>, Vec<u16>> =
        ImageBuffer::from_pixel(4, 4, image::LumaA([40_000, 9]));
    let made = process(&file(deep, ImageFormat::Png), &Wanted::ATTACHMENT).unwrap();
    assert_eq!(decoded(&made.original).color(), image::ColorType::Rgba8);

    let grey: image::GrayImage = ImageBuffer::from_pixel(4, 4, image::Luma([7]));
    let made = process(&file(grey, ImageFormat::Jpeg), &Wanted::ATTACHMENT).unwrap();
    assert_eq!(decoded(&made.original).color(), image::ColorType::L8);
}

#[test]
fn an_animation_keeps_its_frames_and_has_a_still_form() {
    let bytes = gif(64, 32, 3);
    for wanted in [Wanted::ATTACHMENT, Wanted::EMOJI] {
        let made = process(&bytes, &wanted).unwrap();
        assert_eq!((made.original.file_type, size(&made.original)), (FileType::Gif, (64, 32)));
        assert_eq!(frames_of(&made.original.bytes), (vec![10, 11, 12], Repeat::Infinite));
        assert_eq!(size(&made.thumbnail.unwrap()), (64, 32));
    }
    let avatar = process(&bytes, &Wanted::AVATAR).unwrap();
    assert_eq!((avatar.original.file_type, size(&avatar.original)), (FileType::Gif, (32, 32)));
    assert_eq!(frames_of(&avatar.original.bytes), (vec![10, 11, 12], Repeat::Infinite));
    decoded(&avatar.original);
    let small = Wanted { kind: Kind::Attachment, max_pixels: 128, thumbnail_pixels: None };
    assert_eq!(size(&process(&bytes, &small).unwrap().original), (16, 8));
}

#[test]
fn m3_a_header_that_lies_is_believed_and_refused_before_decoding() {
    let too_many = Err(Refused::TooManyPixels { limit: limits::MAX_PIXELS });

    let mut lying = png(8, 8);
    lying[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    lying[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let crc = checksum(&lying[12..29]);
    lying[29..33].copy_from_slice(&crc);
    assert_eq!(process(&lying, &Wanted::ATTACHMENT), too_many);

    let mut lying = jpeg(8, 8);
    let frame = lying.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    lying[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(process(&lying, &Wanted::ATTACHMENT), too_many);

    let mut lying = gif(8, 8, 2);
    lying[6..10].copy_from_slice(&[0xFF; 4]);
    assert_eq!(process(&lying, &Wanted::ATTACHMENT), too_many);

    let mut lying = webp_with_metadata(8, 8, 1);
    lying[24..30].copy_from_slice(&[0xFE, 0x3F, 0, 0xFE, 0x3F, 0]);
    assert_eq!(process(&lying, &Wanted::ATTACHMENT), too_many);

    assert_eq!(
        process(&vec![0xFF; 16 * 1024 * 1024 + 1], &Wanted::ATTACHMENT),
        Err(Refused::TooManyBytes { limit: limits::MAX_BYTES })
    );
    assert_eq!(process(&[], &Wanted::ATTACHMENT), Err(Refused::Empty));
}

#[test]
fn m3_frames_are_counted_before_they_are_decoded() {
    assert_eq!(process(&gif(1, 1, 501), &Wanted::ATTACHMENT), Err(Refused::TooManyFrames { limit: 500 }));
    assert_eq!(process(&gif(1, 1, 500), &Wanted::EMOJI).unwrap().original.file_type, FileType::Gif);
    let heavy = process(&gif(400, 400, 400), &Wanted::ATTACHMENT).unwrap();
    assert_eq!(
        (heavy.original.file_type, size(&heavy.original)),
        (FileType::Png, (400, 400)),
        "only its first frame"
    );
}

#[test]
fn m3_text_that_inflates_without_end_does_no_harm() {
    let bomb = [b"Comment\0\0".as_slice(), &deflated(&vec![b'x'; 300 * 1024 * 1024])].concat();
    let bytes = with_chunks(&png(8, 8), &[chunk(b"zTXt", &bomb), chunk(b"zTXt", &bomb)]);
    let made = process(&bytes, &Wanted::ATTACHMENT).unwrap();
    assert!(made.original.bytes.len() < 1_000);
}

#[test]
fn m4_nothing_that_a_camera_or_a_program_wrote_survives() {
    let photo = with_exif(&jpeg(80, 40), 1);
    let photo = with_segment(&photo, 0xE1, &[b"http://ns.adobe.com/xap/1.0/\0".as_slice(), SECRET].concat());
    let photo = with_segment(&photo, 0xED, &[b"Photoshop 3.0\0".as_slice(), SECRET].concat());
    let photo = with_segment(&photo, 0xFE, SECRET);
    let text = [b"Author\0".as_slice(), SECRET].concat();
    let international = [b"XML:com.adobe.xmp\0\0\0\0\0".as_slice(), SECRET].concat();
    let chunks = [
        chunk(b"tEXt", &text),
        chunk(b"iTXt", &international),
        chunk(b"eXIf", &exif(1)),
        chunk(b"prVt", SECRET),
        chunk(b"tIME", &[7, 0xEA, 11, 22, 4, 0, 0]),
    ];
    let drawing = with_chunks(&png(80, 40), &chunks);
    for (name, bytes) in [
        ("JPEG", photo),
        ("PNG", drawing),
        ("WebP", webp_with_metadata(80, 40, 1)),
        ("GIF", gif(80, 40, 3)),
        ("still GIF", gif(80, 40, 1)),
    ] {
        assert!(contains(&bytes, SECRET), "{name}");
        for wanted in [Wanted::ATTACHMENT, Wanted::AVATAR, Wanted::HEADER, Wanted::EMOJI] {
            let made = process(&bytes, &wanted).unwrap();
            for file in [Some(&made.original), made.thumbnail.as_ref()].into_iter().flatten() {
                for trace in [
                    SECRET,
                    b"Exif",
                    b"EXIF",
                    b"eXIf",
                    b"XMP",
                    b"adobe",
                    b"Photoshop",
                    b"Author",
                    b"tEXt",
                    b"tIME",
                ] {
                    assert!(
                        !contains(&file.bytes, trace),
                        "{name} for {wanted:?}: {}",
                        String::from_utf8_lossy(trace)
                    );
                }
            }
        }
    }
}

#[test]
fn m4_a_colour_profile_is_kept_only_if_it_is_small_and_fits_the_pixels() {
    let profile = |space: &[u8; 4], length: usize| {
        let mut profile = vec![7; length];
        profile[16..20].copy_from_slice(space);
        profile
    };
    let picture = |profile: Vec<u8>| {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        encoder.write_image(&flag(8, 8), 8, 8, ExtendedColorType::Rgb8).unwrap();
        bytes
    };
    let kept = |bytes: Vec<u8>| {
        let made = process(&bytes, &Wanted::ATTACHMENT).unwrap();
        contains(&made.original.bytes, b"ICC_PROFILE")
    };
    assert!(kept(picture(profile(b"RGB ", 500))));
    assert!(!kept(picture(profile(b"CMYK", 500))));
    assert!(!kept(picture(profile(b"RGB ", limits::MAX_PROFILE_BYTES + 1))));
}

#[test]
fn m5_what_is_attached_to_a_picture_is_left_behind() {
    let luggage = [b"PK\x03\x04<script>alert(1)</script>".as_slice(), SECRET].concat();
    for bytes in [jpeg(8, 8), png(8, 8), gif(8, 8, 1), gif(8, 8, 2), file(flag(8, 8), ImageFormat::WebP)] {
        let made = process(&[bytes, luggage.clone()].concat(), &Wanted::ATTACHMENT).unwrap();
        assert!(!contains(&made.original.bytes, b"<script>") && !contains(&made.original.bytes, SECRET));
    }
}

#[test]
fn m5_other_files_behind_the_beginning_of_a_picture_are_refused() {
    for start in [b"\xFF\xD8\xFF".as_slice(), b"\x89PNG\r\n\x1A\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"] {
        let bytes = [start, b"<svg onload=alert(1)>".repeat(50).as_slice()].concat();
        let answer = process(&bytes, &Wanted::ATTACHMENT);
        assert!(matches!(answer, Err(Refused::Damaged | Refused::TooManyPixels { .. })), "{answer:?}");
        assert_eq!(process(start, &Wanted::ATTACHMENT), Err(Refused::Damaged));
    }
}

#[test]
fn m3_a_damaged_picture_is_refused_or_repaired_but_harms_nobody() {
    let whole = [jpeg(24, 16), png(24, 16), gif(24, 16, 3), webp_with_metadata(24, 16, 6)];
    let (mut refused, mut repaired) = (0, 0);
    for bytes in whole {
        for position in 0..bytes.len().min(700) {
            let mut broken = bytes.clone();
            broken[position] ^= 0x55;
            for attempt in [&broken, &bytes[..position]] {
                match process(attempt, &Wanted::AVATAR) {
                    Ok(_) => repaired += 1,
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(refused > 100 && repaired > 100, "{refused} {repaired}");
}
