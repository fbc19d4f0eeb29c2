# The operator, for people who have Docker:
#   docker build -f docker/operator.Dockerfile --build-context catalogue=FOLDER -t driftbox/operator .
# FOLDER is what the operator installs from (docs/hosting.md): images.json, and the charts of each version in a folder of its name.
ARG NODE_VERSION=24.21.0
ARG HELM_VERSION=v4.3.1

FROM golang:1-bookworm AS helm
ARG HELM_VERSION
RUN CGO_ENABLED=0 go install helm.sh/helm/v4/cmd/helm@${HELM_VERSION}

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc LICENSE ./
COPY packages packages
COPY charts charts
COPY operator operator
RUN npm install --no-save --omit=dev --ignore-scripts --workspace operator && find packages operator charts -name '*.test.ts' -delete

# No shell, no package manager, nothing that could be written: started with a read-only root it needs /tmp alone.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=helm /go/bin/helm /usr/local/bin/helm
COPY --from=build /app /app
COPY --from=catalogue / /opt/driftbox/catalogue
WORKDIR /app
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=8 DRIFTBOX_OPERATOR_CATALOGUE=/opt/driftbox/catalogue
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/node", "--no-warnings"]
CMD ["operator/src/main.ts"]
