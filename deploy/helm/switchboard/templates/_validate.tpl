{{/* What a schema cannot say: the value, the reason, the mend. */}}
{{- define "switchboard.validate" -}}
{{- $problems := list -}}
{{- if not .Values.kafka.brokers }}{{ $problems = append $problems "kafka.brokers is empty: name at least one host:port; the chart `trial` brings a single-node broker" }}{{ end -}}
{{- range $path, $name := dict "mongodb.existingSecret.name" .Values.mongodb.existingSecret.name "meta.existingSecret.name" .Values.meta.existingSecret.name "auth.existingSecret.name" .Values.auth.existingSecret.name "encryption.existingSecret.name" .Values.encryption.existingSecret.name }}
{{- if not $name }}{{ $problems = append $problems (printf "%s is empty: name a Secret; this chart makes none" $path) }}{{ end -}}
{{- end -}}
{{- if and .Values.mail.existingSecret.name (not .Values.mail.from) }}{{ $problems = append $problems "mail.from is empty: say whom notices come from" }}{{ end -}}
{{- if and (ne .Values.payments.route.kind "none") (not .Values.payments.stripe.existingSecret.name) }}{{ $problems = append $problems "payments.route leads to nothing: name payments.stripe.existingSecret, or set kind to none" }}{{ end -}}
{{- if eq .Values.image.tag "latest" }}{{ $problems = append $problems "image.tag is latest: name a version, or nobody knows what runs" }}{{ end -}}
{{- $traits := include "switchboard.traits" . | fromYaml -}}
{{- $partitions := .Values.kafka.topics.partitions | int -}}
{{- range $name := splitList " " (include "switchboard.services" .) }}
{{- $values := include "switchboard.values" (dict "root" $ "name" $name) | fromYaml -}}
{{- $scaling := $values.autoscaling -}}
{{- if and $values.enabled (ne $scaling.type "none") }}
  {{- if not (and $scaling.min $scaling.max) }}{{ $problems = append $problems (printf "%s.autoscaling needs min and max with type %s" $name $scaling.type) }}{{ end -}}
  {{- if and (eq $scaling.type "hpa") (not (dig "requests" "cpu" "" $values.resources)) }}{{ $problems = append $problems (printf "%s.resources.requests.cpu is missing: an HPA on CPU needs it" $name) }}{{ end -}}
  {{- if eq $scaling.type "keda" }}
    {{- if not (get $traits $name).topics }}{{ $problems = append $problems (printf "%s.autoscaling.type is keda, but %s consumes no topic: use hpa" $name $name) }}{{ end -}}
    {{- range $field := list "min" "max" "fallback" }}
      {{- $count := get $scaling $field | int -}}
      {{- if or (lt $count 1) (ne (mod $partitions (max $count 1)) 0) }}{{ $problems = append $problems (printf "%s.autoscaling.%s is %d and must divide kafka.topics.partitions (%d): otherwise some pods carry double load" $name $field $count $partitions) }}{{ end -}}
    {{- end -}}
    {{- if lt ($scaling.min | int) 2 }}{{ $problems = append $problems (printf "%s.autoscaling.min must be 2 or more with keda: consumers cannot be scaled to zero" $name) }}{{ end -}}
  {{- end -}}
{{- end -}}
{{- end -}}
{{- if $problems }}{{ fail (printf "\n\nswitchboard: these values cannot work:\n- %s\n" (join "\n- " $problems)) }}{{ end -}}
{{- end }}
