{{/* Names. */}}

{{- define "jangar.name" -}}
{{- .Values.nameOverride | default "agents" | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "jangar.fullname" -}}
{{- $name := include "jangar.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* A name made of the full one, whose end survives the cut: (list . "controllers"). */}}
{{- define "jangar.derived" -}}
{{- $end := printf "-%s" (index . 1) -}}
{{- $room := int (sub 63 (len $end)) -}}
{{- printf "%s%s" (include "jangar.fullname" (index . 0) | trunc $room | trimSuffix "-") $end -}}
{{- end -}}

{{- define "jangar.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace -}}
{{- end -}}

{{/* The namespaces that are watched, as a JSON list. */}}
{{- define "jangar.namespaces" -}}
{{- $named := .Values.controller.namespaces -}}
{{- if kindIs "invalid" $named -}}
{{- list (include "jangar.namespace" .) | toJson -}}
{{- else -}}
{{- $named | toJson -}}
{{- end -}}
{{- end -}}

{{/* Two roles: controlPlane, which does everything unless controllers.enabled, and controllers. */}}

{{- define "jangar.roleFullname" -}}
{{- if eq (index . 1) "controllers" -}}
{{- include "jangar.derived" (list (index . 0) "controllers") -}}
{{- else -}}
{{- include "jangar.fullname" (index . 0) -}}
{{- end -}}
{{- end -}}

{{- define "jangar.roleName" -}}
{{- $name := include "jangar.name" (index . 0) -}}
{{- if eq (index . 1) "controllers" -}}
{{- printf "%s-controllers" ($name | trunc 51 | trimSuffix "-") -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{/* Labels of objects that belong to no role. */}}
{{- define "jangar.labels" -}}
{{- include "jangar.roleLabels" (list . "controlPlane") -}}
{{- end -}}

{{- define "jangar.roleLabels" -}}
{{- $ := index . 0 -}}
{{ include "jangar.selectorLabels" . }}
app.kubernetes.io/version: {{ $.Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* Immutable on a Deployment: never add to them. */}}
{{- define "jangar.selectorLabels" -}}
app.kubernetes.io/name: {{ include "jangar.roleName" . }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end -}}

{{/* Service accounts. */}}

{{- define "jangar.serviceAccountName" -}}
{{- if .Values.serviceAccount.name -}}
{{- .Values.serviceAccount.name -}}
{{- else if .Values.serviceAccount.create -}}
{{- include "jangar.derived" (list . "sa") -}}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- define "jangar.controllersServiceAccountName" -}}
{{- if and .Values.serviceAccount.create .Values.controllers.enabled .Values.serviceAccount.split -}}
{{- include "jangar.derived" (list . "controllers-sa") -}}
{{- else -}}
{{- include "jangar.serviceAccountName" . -}}
{{- end -}}
{{- end -}}

{{- define "jangar.roleServiceAccountName" -}}
{{- if eq (index . 1) "controllers" -}}
{{- include "jangar.controllersServiceAccountName" (index . 0) -}}
{{- else -}}
{{- include "jangar.serviceAccountName" (index . 0) -}}
{{- end -}}
{{- end -}}

{{- define "jangar.runnerServiceAccountName" -}}
{{- .Values.runnerServiceAccount.name | default (include "jangar.derived" (list . "runner")) -}}
{{- end -}}

{{/* Images. */}}

{{/* The image of a role, as JSON: each of its own fields goes before the shared one. */}}
{{- define "jangar.roleImage" -}}
{{- $ := index . 0 -}}
{{- $own := (index $.Values (index . 1)).image | default dict -}}
{{- $image := deepCopy $.Values.image -}}
{{- range $field, $value := $own -}}
{{- if $value -}}{{- $_ := set $image $field $value -}}{{- end -}}
{{- end -}}
{{- $image | toJson -}}
{{- end -}}

{{/* How an image is written: (list . image). Without a tag and a digest it is this version's. */}}
{{- define "jangar.reference" -}}
{{- $image := index . 1 -}}
{{- if $image.repository -}}
{{- $tag := $image.tag | default (ternary "" (index . 0).Chart.AppVersion (not (empty $image.digest))) -}}
{{- $image.repository -}}{{- with $tag -}}:{{ . }}{{- end -}}{{- with $image.digest -}}@{{ . }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "jangar.metricsName" -}}
{{- include "jangar.derived" (list (index . 0) (ternary "controllers-metrics" "metrics" (eq (index . 1) "controllers"))) -}}
{{- end -}}
