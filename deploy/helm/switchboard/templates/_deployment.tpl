{{- define "switchboard.serviceaccount" }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
  {{- with .values.serviceAccount.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}

{{- define "switchboard.deployment" }}
{{- $isConsumer := eq (.traits.rollsAs | default "server") "consumer" }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
  {{- with .values.deploymentAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- if eq .values.autoscaling.type "none" }}
  replicas: {{ .values.replicas | int }}
  {{- end }}
  revisionHistoryLimit: 5
  {{- if $isConsumer }}
  # A surge would add a member and make the assignment uneven; halves cost the fewest rebalances.
  minReadySeconds: 10
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 0, maxUnavailable: 50% } }
  {{- else }}
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 } }
  {{- end }}
  selector:
    matchLabels: {{- include "switchboard.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "switchboard.labels" . | nindent 8 }}
        {{- with .values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        switchboard.io/restart-token: {{ .root.Values.global.restartToken | quote }}
        {{- with .values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec: {{- mergeOverwrite (include "switchboard.podSpec" . | fromYaml) (deepCopy .values.podSpecMerge) | toYaml | nindent 6 }}
{{- end }}

{{- define "switchboard.podSpec" -}}
serviceAccountName: {{ include "switchboard.fullname" . }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ add .values.shutdown.preStopSeconds .values.shutdown.drainSeconds 10 }}
securityContext: {{- include "switchboard.podSecurity" . | nindent 2 }}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
{{- $selector := include "switchboard.selectorLabels" . }}
{{- $default := list (dict "topologyKey" "topology.kubernetes.io/zone") (dict "topologyKey" "kubernetes.io/hostname") }}
{{- range .values.topologySpreadConstraints | default $default }}
  - topologyKey: {{ .topologyKey }}
    maxSkew: {{ .maxSkew | default 1 }}
    whenUnsatisfiable: {{ .whenUnsatisfiable | default "ScheduleAnyway" }}
    labelSelector:
      matchLabels: {{- $selector | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end }}
containers:
  - name: {{ .name }}
    image: {{ include "switchboard.image" .root }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: [{{ .name | quote }}]
    env: {{- include "switchboard.env" . | nindent 6 }}
    {{- with .values.envFrom }}
    envFrom: {{- toYaml . | nindent 6 }}
    {{- end }}
    ports:
      - { name: admin, containerPort: 9464 }
      {{- if .traits.grpc }}
      - { name: grpc, containerPort: {{ .traits.grpc }} }
      {{- end }}
      {{- if .traits.http }}
      - { name: http, containerPort: {{ .traits.http }} }
      {{- end }}
    startupProbe: { httpGet: { path: /live, port: admin }, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60 }
    readinessProbe: { httpGet: { path: /ready, port: admin }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 }
    livenessProbe: { httpGet: { path: /live, port: admin }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 }
    {{- if gt (.values.shutdown.preStopSeconds | int) 0 }}
    lifecycle: { preStop: { sleep: { seconds: {{ .values.shutdown.preStopSeconds }} } } }
    {{- end }}
    resources: {{- toYaml .values.resources | nindent 6 }}
    securityContext: {{- include "switchboard.containerSecurity" . | nindent 6 }}
    volumeMounts:
      - { name: tmp, mountPath: /tmp }
      {{- if .root.Values.kafka.tls.caSecret.name }}
      - { name: kafka-ca, mountPath: /etc/switchboard/kafka-ca, readOnly: true }
      {{- end }}
      {{- range $name, $mount := .values.extraVolumeMounts }}
      - {{ merge (dict "name" $name) $mount | toYaml | nindent 8 | trim }}
      {{- end }}
  {{- range $name, $container := .values.extraContainers }}
  - {{ merge (dict "name" $name) $container | toYaml | nindent 4 | trim }}
  {{- end }}
volumes:
  - { name: tmp, emptyDir: {} }
  {{- with .root.Values.kafka.tls.caSecret }}
  {{- if .name }}
  - name: kafka-ca
    secret: { secretName: {{ .name }}, items: [{ key: {{ .key | quote }}, path: ca.crt }] }
  {{- end }}
  {{- end }}
  {{- range $name, $volume := .values.extraVolumes }}
  - {{ merge (dict "name" $name) $volume | toYaml | nindent 4 | trim }}
  {{- end }}
{{- end }}

{{- define "switchboard.service" }}
{{- $dual := .root.Values.global.dualStack }}
{{- if .traits.grpc }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
spec:
  # Headless: clients see every pod and balance over them.
  clusterIP: None
  {{- with $dual.ipFamilyPolicy }}
  ipFamilyPolicy: {{ . }}
  {{- end }}
  {{- with $dual.ipFamilies }}
  ipFamilies: {{- toYaml . | nindent 4 }}
  {{- end }}
  selector: {{- include "switchboard.selectorLabels" . | nindent 4 }}
  ports:
    - { name: grpc, port: {{ .traits.grpc }}, targetPort: grpc, appProtocol: grpc }
    - { name: admin, port: 9464, targetPort: admin }
{{- end }}
{{- if .traits.http }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "switchboard.fullname" . }}-http
  labels: {{- include "switchboard.labels" . | nindent 4 }}
spec:
  {{- with $dual.ipFamilyPolicy }}
  ipFamilyPolicy: {{ . }}
  {{- end }}
  {{- with $dual.ipFamilies }}
  ipFamilies: {{- toYaml . | nindent 4 }}
  {{- end }}
  selector: {{- include "switchboard.selectorLabels" . | nindent 4 }}
  ports:
    - { name: http, port: 80, targetPort: http, appProtocol: http }
{{- end }}
{{- end }}

{{- define "switchboard.pdb" }}
{{- if gt (include "switchboard.floor" .values | int) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "switchboard.fullname" . }}
  labels: {{- include "switchboard.labels" . | nindent 4 }}
spec:
  {{- if hasKey .values.pdb "maxUnavailable" }}
  maxUnavailable: {{ .values.pdb.maxUnavailable }}
  {{- else }}
  minAvailable: {{ .values.pdb.minAvailable }}
  {{- end }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "switchboard.selectorLabels" . | nindent 6 }}
{{- end }}
{{- end }}
