{{/* The services this chart knows, in the order they are shown. A new service is a block of values and a word here. */}}
{{- define "switchboard.services" -}}ingress account routing egress timer billing template{{- end }}

{{/* What a service is: kind of traffic and inputs. Facts of the code, not settings. */}}
{{- define "switchboard.traits" -}}
ingress: { http: 8080, grpc: 50051, group: "", topics: [] }
account: { grpc: 50051, group: account, topics: [account.wake], rollsAs: server }
routing: { grpc: 50051, group: routing, topics: [whatsapp.messages, account.numbers, routing.joins, egress.messages], rollsAs: consumer }
template: { grpc: 50051, group: template, topics: [whatsapp.changes, template.wake], rollsAs: server }
billing: { http: 8080, grpc: 50051, group: billing, topics: [whatsapp.changes, account.numbers, egress.messages, billing.wallets, billing.wake, timer.fired.billing], rollsAs: server }
timer: { grpc: 50051, group: timer, topics: [timer.commands], rollsAs: consumer }
egress: { http: 8080, grpc: 50051, group: egress, topics: [routing.threads, whatsapp.statuses, egress.wake], rollsAs: consumer }
{{- end }}

{{- define "switchboard.fullname" -}}
{{- $release := .root.Release.Name | trunc 40 | trimSuffix "-" -}}
{{- if contains "switchboard" $release -}}{{ $release }}-{{ .name }}{{- else -}}{{ $release }}-switchboard-{{ .name }}{{- end -}}
{{- end }}

{{/* A service's values: defaults, then its own. */}}
{{- define "switchboard.values" -}}
{{- mergeOverwrite (deepCopy .root.Values.defaults) (deepCopy (get .root.Values .name | default dict)) | toYaml -}}
{{- end }}

{{/* Frozen: never change what stands here. */}}
{{- define "switchboard.selectorLabels" -}}
app.kubernetes.io/name: switchboard
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "switchboard.labels" -}}
{{ include "switchboard.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: switchboard
switchboard.io/release: {{ .root.Release.Name }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.global.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The only place that builds an image reference. */}}
{{- define "switchboard.image" -}}
{{- $image := .Values.image -}}
{{- $registry := .Values.global.imageRegistry | default $image.registry -}}
{{- $name := $image.repository -}}
{{- if $registry }}{{ $name = printf "%s/%s" (trimSuffix "/" $registry) $image.repository }}{{ end -}}
{{- if $image.digest -}}{{ $name }}@{{ $image.digest }}{{- else -}}{{ $name }}:{{ $image.tag | default .Chart.AppVersion }}{{- end -}}
{{- end }}

{{/* 75 % of the memory limit in MiB, for V8's old space. */}}
{{- define "switchboard.oldSpaceMiB" -}}
{{- $limit := toString . -}}
{{- if hasSuffix "Gi" $limit -}}{{ mulf (trimSuffix "Gi" $limit | float64) 768 | int }}
{{- else if hasSuffix "Mi" $limit -}}{{ mulf (trimSuffix "Mi" $limit | float64) 0.75 | int }}
{{- else -}}{{ fail (printf "resources.limits.memory is %q: write it in Mi or Gi, for example 512Mi" $limit) }}
{{- end -}}
{{- end }}

{{- define "switchboard.grpcAddress" -}}
dns:///{{ include "switchboard.fullname" . }}:50051
{{- end }}

{{/* A map of environment variables: chart, then global, then service; each name once. */}}
{{- define "switchboard.env" -}}
{{- $root := .root -}}{{- $name := .name -}}{{- $values := .values -}}{{- $traits := .traits -}}
{{- $secret := dict -}}
{{- $env := dict
  "ADMIN_PORT" "9464"
  "INSTANCE" (dict "valueFrom" (dict "fieldRef" (dict "fieldPath" "metadata.name")))
  "LOG_LEVEL" $values.logLevel
  "SHUTDOWN_MS" (mul $values.shutdown.drainSeconds 1000 | toString)
  "KAFKA_BROKERS" (join "," $root.Values.kafka.brokers)
  "KAFKA_PARTITIONS" ($root.Values.kafka.topics.partitions | int | toString)
  "KAFKA_REPLICATION" ($root.Values.kafka.topics.replicationFactor | int | toString)
  "NODE_OPTIONS" (printf "--max-old-space-size=%s" (include "switchboard.oldSpaceMiB" $values.resources.limits.memory))
  "JWT_SECRET" (include "switchboard.fromSecret" (dict "name" $root.Values.auth.existingSecret.name "key" $root.Values.auth.existingSecret.jwtSecretKey) | fromYaml)
-}}
{{- if $root.Values.kafka.tls.enabled }}
  {{- $_ := set $env "KAFKA_TLS" "true" }}
  {{- if $root.Values.kafka.tls.caSecret.name }}{{ $_ := set $env "KAFKA_CA_FILE" "/etc/switchboard/kafka-ca/ca.crt" }}{{ end }}
{{- end }}
{{- with $root.Values.kafka.sasl }}
  {{- if .existingSecret.name }}
    {{- $_ := set $env "KAFKA_SASL_MECHANISM" .mechanism }}
    {{- $_ := set $env "KAFKA_SASL_USERNAME" (include "switchboard.fromSecret" (dict "name" .existingSecret.name "key" .existingSecret.usernameKey) | fromYaml) }}
    {{- $_ := set $env "KAFKA_SASL_PASSWORD" (include "switchboard.fromSecret" (dict "name" .existingSecret.name "key" .existingSecret.passwordKey) | fromYaml) }}
  {{- end }}
{{- end }}
{{- with $root.Values.tracing.otlpEndpoint }}{{ $_ := set $env "OTEL_EXPORTER_OTLP_ENDPOINT" . }}{{ end }}
{{- if $traits.grpc }}{{ $_ := set $env "GRPC_PORT" ($traits.grpc | int | toString) }}{{ end }}
{{- if $traits.http }}{{ $_ := set $env "HTTP_PORT" ($traits.http | int | toString) }}{{ end }}
{{- if eq $name "ingress" }}
  {{- with $root.Values.meta.existingSecret }}
    {{- $_ := set $env "META_APP_SECRETS" (include "switchboard.fromSecret" (dict "name" .name "key" .appSecretsKey) | fromYaml) }}
    {{- $_ := set $env "META_VERIFY_TOKEN" (include "switchboard.fromSecret" (dict "name" .name "key" .verifyTokenKey) | fromYaml) }}
  {{- end }}
{{- else }}
  {{- with $root.Values.mongodb.existingSecret }}
    {{- $_ := set $env "MONGO_URL" (include "switchboard.fromSecret" (dict "name" .name "key" .uriKey) | fromYaml) }}
  {{- end }}
  {{- $_ := set $env "MONGO_DATABASE" $name }}
{{- end }}
{{- if has $name (list "account" "routing") }}
  {{- with $root.Values.encryption.existingSecret }}
    {{- $_ := set $env "TOKEN_ENCRYPTION_KEY" (include "switchboard.fromSecret" (dict "name" .name "key" .keysKey) | fromYaml) }}
  {{- end }}
{{- end }}
{{- if eq $name "routing" }}{{ $_ := set $env "EGRESS_GRPC" (include "switchboard.grpcAddress" (dict "root" $root "name" "egress")) }}{{ end }}
{{- if eq $name "egress" }}{{ $_ := set $env "ROUTING_GRPC" (include "switchboard.grpcAddress" (dict "root" $root "name" "routing")) }}{{ end }}
{{- if has $name (list "egress" "routing" "template" "billing") }}
  {{- $_ := set $env "ACCOUNT_GRPC" (include "switchboard.grpcAddress" (dict "root" $root "name" "account")) }}
  {{- $_ := set $env "GRAPH_URL" $root.Values.meta.graphUrl }}
  {{- $_ := set $env "GRAPH_VERSION" $root.Values.meta.graphVersion }}
{{- end }}
{{- if eq $name "egress" }}
  {{- with (include "switchboard.values" (dict "root" $root "name" "template") | fromYaml) }}
    {{- if .enabled }}{{ $_ := set $env "TEMPLATE_GRPC" (include "switchboard.grpcAddress" (dict "root" $root "name" "template")) }}{{ end }}
  {{- end }}
  {{- $billing := include "switchboard.values" (dict "root" $root "name" "billing") | fromYaml }}
  {{- if $billing.enabled }}{{ $_ := set $env "BILLING_GRPC" (include "switchboard.grpcAddress" (dict "root" $root "name" "billing")) }}{{ end }}
{{- end }}
{{- if eq $name "egress" }}{{ $env = merge $env (include "switchboard.mediaEnv" $root | fromYaml) }}{{ end }}
{{- if eq $name "billing" }}{{ $env = merge $env (include "switchboard.paymentEnv" $root | fromYaml) }}{{ end }}
{{- $env = mergeOverwrite $env (deepCopy $root.Values.global.env) (deepCopy $values.env) }}
{{- range $key := keys $env | sortAlpha }}
{{- $value := get $env $key }}
- name: {{ $key }}
{{- if kindIs "map" $value }}
{{ toYaml $value | indent 2 }}
{{- else }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "switchboard.paymentEnv" -}}
{{- $env := dict -}}
{{- with .Values.payments.stripe.existingSecret }}
  {{- if .name }}
    {{- $_ := set $env "STRIPE_SECRET_KEY" (include "switchboard.fromSecret" (dict "name" .name "key" .secretKeyKey) | fromYaml) }}
    {{- $_ := set $env "STRIPE_WEBHOOK_SECRET" (include "switchboard.fromSecret" (dict "name" .name "key" .webhookSecretKey) | fromYaml) }}
  {{- end }}
{{- end }}
{{- if .Values.mail.existingSecret.name }}
  {{- $_ := set $env "SMTP_URL" (include "switchboard.fromSecret" (dict "name" .Values.mail.existingSecret.name "key" .Values.mail.existingSecret.urlKey) | fromYaml) }}
  {{- $_ := set $env "MAIL_FROM" .Values.mail.from }}
{{- end }}
{{- toYaml $env }}
{{- end }}

{{- define "switchboard.mediaEnv" -}}
{{- $media := .Values.media -}}
{{- $inside := printf "http://%s-http" (include "switchboard.fullname" (dict "root" . "name" "egress")) -}}
{{- $outside := ternary "" (printf "https://%s" $media.route.host) (eq $media.route.kind "none") -}}
FILES_URL: {{ $media.url | default $outside | default $inside | quote }}
{{- with $media.clamdAddress }}
CLAMD_ADDRESS: {{ . | quote }}
{{- end }}
{{- with $media.s3 }}
{{- if .bucket }}
S3_BUCKET: {{ .bucket | quote }}
S3_REGION: {{ .region | quote }}
{{- with .endpoint }}
S3_ENDPOINT: {{ . | quote }}
{{- end }}
{{- if .existingSecret.name }}
S3_ACCESS_KEY_ID: {{- include "switchboard.fromSecret" (dict "name" .existingSecret.name "key" .existingSecret.accessKeyIdKey) | nindent 2 }}
S3_SECRET_ACCESS_KEY: {{- include "switchboard.fromSecret" (dict "name" .existingSecret.name "key" .existingSecret.secretAccessKeyKey) | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "switchboard.fromSecret" -}}
valueFrom: { secretKeyRef: { name: {{ .name | quote }}, key: {{ .key | quote }} } }
{{- end }}

{{/* Pods and jobs alike meet the restricted standard; user and group come from the image or the platform. */}}
{{- define "switchboard.podSecurity" -}}
runAsNonRoot: true
seccompProfile: { type: RuntimeDefault }
{{- end }}
{{- define "switchboard.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* The smallest number of pods there may be. */}}
{{- define "switchboard.floor" -}}
{{- if eq .autoscaling.type "none" }}{{ .replicas | int }}{{ else }}{{ .autoscaling.min | int }}{{ end -}}
{{- end }}
