# The image of one town. Everything is in one program; the system around it only brings certificate authorities, pg_dump and
# pg_restore for `parvis backup` and `parvis restore` of a PostgreSQL database, and ffmpeg for video and sound.
#
#   docker build -t parvis .
#   docker run -p 8080:8080 -v parvis:/var/lib/parvis -e PARVIS_DOMAIN=parvis.example parvis

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package parvis-server \
    && install -D target/release/parvis /out/parvis

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates ffmpeg postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/parvis --create-home --shell /usr/sbin/nologin parvis
COPY --from=build /out/parvis /usr/local/bin/parvis
COPY LICENSE /usr/share/doc/parvis/LICENSE
ENV PARVIS_DATA_DIR=/var/lib/parvis \
    PARVIS_HTTP__LISTEN=0.0.0.0:8080
USER parvis
WORKDIR /var/lib/parvis
VOLUME /var/lib/parvis
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["parvis"]
CMD ["serve"]
