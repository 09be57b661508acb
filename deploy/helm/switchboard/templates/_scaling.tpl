{{- define "switchboard.autoscaler" }}
{{- $scaling := .values.autoscaling }}
{{- if eq $scaling.type "hpa" }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ include "switchboard.fullname" . }} }
  minReplicas: {{ $scaling.min | int }}
  maxReplicas: {{ $scaling.max | int }}
  metrics:
    # Our container only: a mesh's sidecar does not distort it.
    - type: ContainerResource
      containerResource:
        name: cpu
        container: {{ .name }}
        target: { type: Utilization, averageUtilization: {{ $scaling.cpuPercent | default 60 | int }} }
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 0
      policies:
        - { type: Percent, value: 100, periodSeconds: 15 }
        - { type: Pods, value: 4, periodSeconds: 15 }
    scaleDown:
      stabilizationWindowSeconds: 300
      policies:
        - { type: Percent, value: 25, periodSeconds: 60 }
{{- else if eq $scaling.type "keda" }}
{{- $kafka := .root.Values.kafka }}
{{- $about := . }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
  annotations:
    validations.keda.sh/hpa-ownership: 'false'
spec:
  scaleTargetRef: { name: {{ include "switchboard.fullname" . }} }
  pollingInterval: 15
  minReplicaCount: {{ $scaling.min | int }}
  maxReplicaCount: {{ $scaling.max | int }}
  fallback: { failureThreshold: 3, replicas: {{ $scaling.fallback | int }}, behavior: currentReplicasIfHigher }
  advanced:
    horizontalPodAutoscalerConfig:
      name: {{ include "switchboard.fullname" . }}-keda
      behavior:
        # Few large steps that stay on divisors of the partition count.
        scaleUp:
          stabilizationWindowSeconds: 60
          policies: [{ type: Percent, value: 300, periodSeconds: 120 }]
        scaleDown:
          stabilizationWindowSeconds: 900
          policies: [{ type: Percent, value: 50, periodSeconds: 600 }]
  triggers:
    {{- range $topic := .traits.topics }}
    - type: kafka
      useCachedMetrics: true
      metadata:
        bootstrapServers: {{ join "," $kafka.brokers | quote }}
        consumerGroup: {{ $about.traits.group | quote }}
        topic: {{ $topic | quote }}
        lagThreshold: {{ mul $scaling.podRate $scaling.lagSeconds | toString | quote }}
        offsetResetPolicy: earliest
        ensureEvenDistributionOfPartitions: 'true'
        excludePersistentLag: 'false'
        allowIdleConsumers: 'false'
        scaleToZeroOnInvalidOffset: 'false'
        {{- if $kafka.tls.enabled }}
        tls: enable
        {{- end }}
        {{- if $kafka.sasl.existingSecret.name }}
        sasl: {{ $kafka.sasl.mechanism | replace "-" "_" | replace "scram_sha_" "scram_sha" | replace "plain" "plaintext" }}
        {{- end }}
      {{- if or $kafka.sasl.existingSecret.name $kafka.tls.caSecret.name }}
      authenticationRef: { name: {{ include "switchboard.fullname" $about }} }
      {{- end }}
    {{- end }}
{{- if or $kafka.sasl.existingSecret.name $kafka.tls.caSecret.name }}
---
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
spec:
  secretTargetRef:
    {{- with $kafka.sasl.existingSecret }}
    {{- if .name }}
    - { parameter: username, name: {{ .name }}, key: {{ .usernameKey | quote }} }
    - { parameter: password, name: {{ .name }}, key: {{ .passwordKey | quote }} }
    {{- end }}
    {{- end }}
    {{- with $kafka.tls.caSecret }}
    {{- if .name }}
    - { parameter: ca, name: {{ .name }}, key: {{ .key | quote }} }
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "switchboard.networkpolicy" }}
{{- $policy := .root.Values.networkPolicy }}
{{- if $policy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "switchboard.selectorLabels" . | nindent 6 }}
  policyTypes:
    - Ingress
    {{- if $policy.egress.enabled }}
    - Egress
    {{- end }}
  ingress:
    - ports: [{ port: admin }]
      {{- with $policy.allowMetricsFrom }}
      from: {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- if .traits.grpc }}
    - ports: [{ port: grpc }]
      from:
        - podSelector:
            matchLabels: { app.kubernetes.io/name: switchboard, app.kubernetes.io/instance: {{ .root.Release.Name | quote }} }
        {{- with $policy.allowGrpcFrom }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- end }}
    {{- if .traits.http }}
    # From anywhere: controllers often run on the host network, which no selector matches.
    - ports: [{ port: http }]
    {{- end }}
  {{- if $policy.egress.enabled }}
  egress:
    # Name resolution, wherever the resolver listens.
    - ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }, { port: 5353, protocol: UDP }, { port: 5353, protocol: TCP }]
    - to:
        - ipBlock: { cidr: 0.0.0.0/0 }
        - ipBlock: { cidr: '::/0' }
      ports:
        - { port: 443 }
        {{- range concat $policy.egress.kafkaPorts $policy.egress.mongodbPorts $policy.egress.otlpPorts | uniq }}
        - { port: {{ . | int }} }
        {{- end }}
    - to:
        - podSelector:
            matchLabels: { app.kubernetes.io/name: switchboard, app.kubernetes.io/instance: {{ .root.Release.Name | quote }} }
    {{- with $policy.egress.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "switchboard.servicemonitor" }}
{{- $monitor := .root.Values.monitoring.serviceMonitor }}
{{- if $monitor.enabled }}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels:
    {{- include "switchboard.labels" . | nindent 4 }}
    {{- with $monitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    # A label of our own: Argo CD may rewrite app.kubernetes.io/instance on objects.
    matchLabels: { switchboard.io/release: {{ .root.Release.Name | quote }}, app.kubernetes.io/component: {{ .name }} }
  endpoints:
    - { port: admin, path: /metrics, interval: {{ $monitor.interval }} }
{{- end }}
{{- end }}
