"""Dockerfiles like those that people write: varied, clean and faulty."""

from __future__ import annotations

from random import Random

GO = """\
# syntax=docker/dockerfile:1
ARG GO_VERSION={number}
FROM golang:1.${{GO_VERSION}}-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
# Static, so that the last stage needs no library.
RUN CGO_ENABLED=0 GOOS=linux {arch}go build -trimpath \\
    -ldflags "-s -w -X main.version=1.{number}" \\
    -o /out/{name} ./cmd/{name}

FROM gcr.io/distroless/static
COPY --from=build /out/{name} /usr/local/bin/{name}
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/{name}"]
"""
NODE = """\
FROM node:{number}-bookworm-slim AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
FROM node:{number}-bookworm-slim
ENV NODE_ENV=production \\
    PORT=8080
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY . .
EXPOSE 8080
HEALTHCHECK --interval=30s CMD ["node", "health.js"]
CMD ["node", "{name}.js"]
"""
PYTHON = """\
FROM python:3.{number}-slim
LABEL org.opencontainers.image.title="{name}" version="{number}"
RUN apt-get update \\
    && apt-get install -y --no-install-recommends build-essential curl libpq-dev \\
    # The lists are of no use in the image.
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir -r /tmp/requirements.txt
RUN <<END
set -e
useradd --system {name}
mkdir -p /var/lib/{name} && chown {name} /var/lib/{name}
END
COPY . /srv/{name}
USER {name}
CMD ["python", "-m", "{name}"]
"""
DAEMON = """\
FROM alpine:3.{number}
MAINTAINER Somebody <somebody@example.org>
RUN apk add --no-cache ca-certificates iptables ip6tables ipset && \\
    if [ ! -e /etc/nsswitch.conf ]; then \\
      echo 'hosts: files dns' > /etc/nsswitch.conf; fi
ADD bin/{name}{suffix} /code/{name}
RUN ln -s /code/{name} /usr/bin/{name}
ENV PATH="$PATH:/code"
WORKDIR /code
CMD ["{name}", "--config", "/etc/{name}.cfg"]
"""
TOOLS = """\
FROM debian:bookworm
ARG KUBECTL=v1.{number}.0
RUN apt-get update && apt-get install -y curl unzip jq && \\
    curl -fsSL -o /usr/local/bin/kubectl \\
      https://dl.example.org/release/${{KUBECTL}}/bin/linux/{machine}/kubectl && \\
    chmod +x /usr/local/bin/kubectl && \\
    for tool in helm kustomize; do \\
      curl -fsSL https://dl.example.org/$tool-linux-{machine}.tar.gz \\
        | tar xz -C /usr/local/bin; \\
    done
COPY --chmod=0755 entrypoint.sh /
ENTRYPOINT ["/entrypoint.sh"]
"""
GLIBC = """\
FROM alpine:3.{number}
RUN apk add --no-cache wget && \\
    wget https://example.org/releases/2.23-r3/glibc-2.23-r3.apk && \\
    wget https://example.org/releases/2.23-r3/glibc-bin-2.23-r3.apk && \\
    apk add --allow-untrusted glibc-2.23-r3.apk glibc-bin-2.23-r3.apk && \\
    /usr/glibc-compat/sbin/ldconfig /lib /usr/glibc-compat/lib && \\
    apk del wget && rm -f glibc-2.23-r3.apk glibc-bin-2.23-r3.apk
COPY {name} /usr/bin/{name}
CMD ["/usr/bin/{name}"]
"""
SHADOWED = """\
FROM --platform=$BUILDPLATFORM golang:1.{number} AS build
ARG TARGETARCH=amd64
WORKDIR /src
COPY . .
RUN GOARCH=$TARGETARCH go build -o /out/{name} .
FROM scratch
COPY --from=build /out/{name} /{name}
ENTRYPOINT ["/{name}"]
"""
KINDS = (GO, GO, NODE, NODE, PYTHON, PYTHON, DAEMON, DAEMON, TOOLS, GLIBC, SHADOWED)
"""Twice what is common."""
WORDS = ("agent", "proxy", "worker", "api", "gateway", "store", "router", "mailer")
FAULTY = 0.35
"""The part of those that could name an architecture which do."""


def dockerfile(chance: Random) -> tuple[str, str]:
    """Return the name of a service and its Dockerfile."""
    name = f"{chance.choice(WORDS)}{chance.randrange(1000)}"
    faulty = chance.random() < FAULTY
    text = chance.choice(KINDS).format(
        name=name,
        number=chance.randrange(4, 23),
        arch="GOARCH=amd64 " if faulty else "",
        suffix="-amd64" if faulty else "",
        machine="amd64" if faulty else "$(dpkg --print-architecture)",
    )
    return name, text
