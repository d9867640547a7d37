{{/* Where Kafka, the store and the database are: this chart's own for trying things, or those that exist. */}}
{{- define "atelier.kafka.bootstrap" -}}
{{- if .Values.dev.kafka.enabled }}{{ include "atelier.name" . }}-kafka:9092{{ else }}{{ .Values.kafka.bootstrap }}{{ end -}}
{{- end -}}

{{- define "atelier.store.endpoint" -}}
{{- if .Values.dev.store.enabled }}http://{{ include "atelier.name" . }}-store:9000{{ else }}{{ .Values.store.endpoint }}{{ end -}}
{{- end -}}

{{- define "atelier.database.url" -}}
{{- if eq .Values.database.kind "sqlite" -}}
jdbc:sqlite:/var/lib/atelier/dispatcher.db
{{- else if .Values.dev.postgresql.enabled -}}
jdbc:postgresql://{{ include "atelier.name" . }}-postgresql:5432/atelier
{{- else -}}
{{ .Values.database.url }}
{{- end -}}
{{- end -}}

{{/* The pools and their types, as the dispatcher reads them. */}}
{{- define "atelier.pools" -}}
{{- $pools := list -}}
{{- range $name, $pool := .Values.pools -}}
{{- $pools = append $pools (printf "%s=%s" $name (join "," $pool.types)) -}}
{{- end -}}
{{- join ";" $pools -}}
{{- end -}}

{{/* Ports of Kafka and the store, as JSON. */}}
{{- define "atelier.egress.shared" -}}
{{- $ports := list -}}
{{- range splitList "," (include "atelier.kafka.bootstrap" .) -}}
{{- $ports = append $ports (last (splitList ":" .) | int) -}}
{{- end -}}
{{- $ports = append $ports (include "atelier.port.of" (include "atelier.store.endpoint" .) | int) -}}
{{- with .Values.tracing.endpoint }}{{ $ports = append $ports (include "atelier.port.of" . | int) }}{{ end -}}
{{- range .Values.networkPolicy.extraEgressPorts -}}
{{- $ports = append $ports (int .) -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}

{{/* The port of an address, or the one that its scheme has. */}}
{{- define "atelier.port.of" -}}
{{- $host := (urlParse .).host -}}
{{- if regexMatch ":[0-9]+$" $host }}{{ last (splitList ":" $host) }}{{ else if hasPrefix "https:" . }}443{{ else if hasPrefix "http:" . }}80{{ else }}5432{{ end -}}
{{- end -}}
