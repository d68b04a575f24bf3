# From an alert to a decision without a prompt: assesses the incident that a SIEM wrote as JSON, keeps what was decided,
# and acts on the exit code.
#
#   pwsh examples/runbook.ps1 INCIDENT.json [FOLDER]
#
# Ends with leakresp's own code, so that the caller can branch as well:
#   10 a report is required, 11 cannot be told yet, 0 not required (or released), 4 the file is wrong
param(
    [Parameter(Mandatory = $true)] [string] $Incident,
    [string] $Folder = "leak-$(Get-Date -Format 'yyyyMMddTHHmmss')"
)
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false # exit codes are answers here, not errors
[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new()

$Folder = (New-Item -ItemType Directory -Force -Path $Folder).FullName

# WriteAllLines writes UTF-8 without a byte order mark in every version of PowerShell; > and Out-File do not.
$decision = @(leakresp assess $Incident --json --exit-code)
$code = $LASTEXITCODE
if ($decision) { [System.IO.File]::WriteAllLines((Join-Path $Folder 'assessment.json'), [string[]] $decision) }

switch ($code) {
    10 {
        leakresp draft-notice ppc_preliminary_report --answers $Incident --format md -o (Join-Path $Folder 'preliminary_report.md')
        Write-Output "A report is required: call the person in charge. Decision and draft are in $Folder."
    }
    11 {
        $question = @(leakresp next --answers $Incident --json)
        [System.IO.File]::WriteAllLines((Join-Path $Folder 'next_question.json'), [string[]] $question)
        Write-Output 'Cannot be told yet. The next question:'
        leakresp next --answers $Incident
    }
    0 {
        Write-Output "No duty to report. The reasons are kept in $(Join-Path $Folder 'assessment.json')."
    }
    4 {
        [Console]::Error.WriteLine('The incident file is wrong; the lines above say where and how to mend it.')
    }
    default {
        [Console]::Error.WriteLine("leakresp ended with code $code; decide by hand.")
    }
}
exit $code
