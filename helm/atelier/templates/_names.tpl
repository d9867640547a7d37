{{- define "atelier.name" -}}
{{- .Values.nameOverride | default .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that select the pods of a part: a list of root, part and, for workers, pool. They never change. */}}
{{- define "atelier.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: atelier
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- if gt (len .) 2 }}
atelier.org/pool: {{ index . 2 }}
{{- end }}
{{- end -}}

{{- define "atelier.labels" -}}
{{- $root := index . 0 -}}
{{ include "atelier.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end -}}

{{- define "atelier.account.dispatcher" -}}
{{- .Values.serviceAccount.dispatcherName | default (ternary (printf "%s-dispatcher" (include "atelier.name" .)) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "atelier.account.worker" -}}
{{- .Values.serviceAccount.workerName | default (ternary (printf "%s-worker" (include "atelier.name" .)) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* How the API is spoken to. */}}
{{- define "atelier.scheme" -}}
{{- ternary "https" "http" (ne .Values.dispatcher.tls.secret "") -}}
{{- end -}}

{{- define "atelier.tag" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end -}}

{{/* A pool with all that it did not say itself: a list of root and the pool's own values. */}}
{{- define "atelier.pool" -}}
{{- $root := index . 0 -}}
{{- mustMergeOverwrite (deepCopy $root.Values.poolDefaults) (deepCopy (index . 1)) | toJson -}}
{{- end -}}

{{/* Most workers of a pool at once. */}}
{{- define "atelier.mostWorkers" -}}
{{- ternary .scaling.replicas .scaling.maxReplicas (eq .scaling.mode "fixed") -}}
{{- end -}}
